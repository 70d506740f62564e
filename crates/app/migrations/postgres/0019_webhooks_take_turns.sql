-- When a webhook was told last: whoever waited longest goes first.
ALTER TABLE webhooks ADD COLUMN turned_at TIMESTAMPTZ NOT NULL DEFAULT 'epoch';
-- The part of the feed that goes to it once more: the place that is next, and the last.
ALTER TABLE webhooks ADD COLUMN replay_next BIGINT;
ALTER TABLE webhooks ADD COLUMN replay_last BIGINT;
