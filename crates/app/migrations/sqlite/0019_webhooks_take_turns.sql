-- When a webhook was told last: whoever waited longest goes first.
ALTER TABLE webhooks ADD COLUMN turned_at INTEGER NOT NULL DEFAULT 0;
-- The part of the feed that goes to it once more: the place that is next, and the last.
ALTER TABLE webhooks ADD COLUMN replay_next INTEGER;
ALTER TABLE webhooks ADD COLUMN replay_last INTEGER;
