// Notes of a visit where there is no signal: kept on the device for this account and this visit, sent
// when there is signal again. The server compares versions; what somebody else saved meanwhile it shows
// beside. Without script the form is a form.

export const KEPT = 'tellonce-notes:';

/** Takes away what other accounts kept on this device. */
function forgetOthers(account) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(KEPT) && !key.startsWith(`${KEPT}${account}:`)) localStorage.removeItem(key);
  }
}

export function startNotes(form) {
  const area = form.querySelector('textarea');
  const state = form.querySelector('[data-notes-state]');
  const seen = form.elements.namedItem('seen');
  const key = `${KEPT}${form.dataset.account}:${form.dataset.notes}`;
  const say = (words) => {
    state.textContent = words;
  };
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ text: area.value, seen: seen.value }));
      say(navigator.onLine ? 'Kept on this device, not saved yet.' : 'No signal. Kept on this device until it can be sent.');
    } catch {
      say('This device cannot keep notes. Save them before you lose the signal.');
    }
  };
  const send = () => {
    say('There is signal again. Saving.');
    form.requestSubmit();
  };

  // What somebody else kept on this device and never saved is not theirs to find for ever.
  forgetOthers(form.dataset.account);
  const kept = read();
  if (form.dataset.fresh === undefined) {
    // The page answers what was sent and could not be saved: it stays on the device until it is.
    keep();
  } else if (kept && kept.text.trim() === area.value.trim()) {
    localStorage.removeItem(key);
  } else if (kept) {
    area.value = kept.text;
    // The version that they were written on, so that nobody's notes are written over unseen.
    seen.value = kept.seen;
    say('These are the notes kept on this device. They are not saved yet.');
  }
  area.addEventListener('input', keep);
  form.addEventListener('submit', (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      keep();
    }
  });
  window.addEventListener('online', () => {
    if (read()) send();
  });
}
