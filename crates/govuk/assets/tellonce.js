// Enhancement only: every page works without it.
import { initAll } from './govuk-frontend.js';

initAll();

// Sorting is loaded only where a table asks for it.
const tables = document.querySelectorAll('[data-module="moj-sortable-table"]');
if (tables.length > 0) {
  import('./sortable-table.js').then(({ SortableTable }) => {
    for (const table of tables) {
      new SortableTable(table);
    }
  });
}

// So are passkeys.
const passkeyForm = document.querySelector('[data-passkey]');
if (passkeyForm) {
  import('./passkeys.js').then(({ startPasskeys }) => startPasskeys(passkeyForm));
}

// And sending files in parts.
const uploadForms = document.querySelectorAll('form[data-uploads]');
if (uploadForms.length > 0) {
  import('./uploads.js').then(({ startUploads }) => uploadForms.forEach(startUploads));
}

// And notes where there is no signal.
const notesForm = document.querySelector('form[data-notes]');
if (notesForm) {
  import('./notes.js').then(({ startNotes }) => startNotes(notesForm));
}

// What is kept on a device for one account goes when that account signs out.
document.querySelector('form[action="/sign-out"]')?.addEventListener('submit', (event) => {
  const kept = Object.keys(localStorage).filter((key) => key.startsWith('tellonce-notes:'));
  const words = 'Notes on this device are not saved yet. Sign out and lose them?';
  if (kept.length > 0 && !window.confirm(words)) {
    event.preventDefault();
    return;
  }
  for (const key of kept) {
    localStorage.removeItem(key);
  }
});

// What is folded away on the screen is still wanted on paper.
let opened = [];
window.addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('main details:not([open])')];
  for (const details of opened) {
    details.open = true;
  }
});
window.addEventListener('afterprint', () => {
  for (const details of opened) {
    details.open = false;
  }
});

// Children on record who may be the one that is being typed in. Posted, so that no name stands in an
// address; without script the same is asked when the form is sent.
const LIKELY_FIELDS = ['csrf', 'given-name', 'family-name', 'known-as', 'born-on-day', 'born-on-month', 'born-on-year', 'upn'];
const likely = document.querySelector('[data-likely]');
if (likely) {
  const form = likely.closest('form');
  let waiting;
  let asked = '';
  const ask = async () => {
    const typed = new FormData(form);
    const body = new URLSearchParams(LIKELY_FIELDS.map((name) => [name, typed.get(name) ?? '']));
    if (body.toString() === asked) {
      return;
    }
    asked = body.toString();
    const answer = await fetch(likely.dataset.likely, { method: 'POST', body }).catch(() => undefined);
    const list = answer?.ok ? await answer.text() : '';
    // Of several answers on their way, only the latest is shown.
    if (body.toString() === asked) {
      likely.innerHTML = list;
    }
  };
  form.addEventListener('input', (event) => {
    if (LIKELY_FIELDS.includes(event.target.name)) {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 400);
    }
  });
}

// Keyboard shortcuts. One-letter keys can be turned off (WCAG 2.2, 2.1.4): the choice is kept in
// this browser, and the help opens from a visible button as well.
const SHORTCUTS_OFF = 'tellonce-shortcuts-off';
const shortcutsAreOff = () => {
  try {
    return localStorage.getItem(SHORTCUTS_OFF) === 'yes';
  } catch {
    return false;
  }
};
const rows = () => [...document.querySelectorAll('.app-day__name a')];

const helpDialog = () => {
  const dialog = document.createElement('dialog');
  dialog.className = 'app-shortcuts';
  dialog.setAttribute('aria-labelledby', 'shortcuts-title');
  const keys = [
    ['/', 'Go to the search box'],
    ['j', 'Next line of a list'],
    ['k', 'Line before'],
    ['?', 'This help'],
  ];
  const title = document.createElement('h2');
  title.id = 'shortcuts-title';
  title.className = 'govuk-heading-m';
  title.textContent = 'Keyboard shortcuts';
  const list = document.createElement('dl');
  list.className = 'govuk-body';
  for (const [key, words] of keys) {
    const term = document.createElement('dt');
    term.textContent = key;
    const what = document.createElement('dd');
    what.textContent = words;
    list.append(term, what);
  }
  const button = (words, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'govuk-button govuk-button--secondary';
    made.textContent = words;
    made.addEventListener('click', act);
    return made;
  };
  const toggle = button(shortcutsAreOff() ? 'Turn shortcuts on' : 'Turn shortcuts off', () => {
    try {
      localStorage.setItem(SHORTCUTS_OFF, shortcutsAreOff() ? 'no' : 'yes');
    } catch {
      // A browser that keeps nothing keeps the shortcuts on.
    }
    dialog.close();
  });
  dialog.append(title, list, toggle, button('Close', () => dialog.close()));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) {
    return;
  }
  if (shortcutsAreOff()) {
    return;
  }
  const search = document.querySelector('[data-shortcut="/"]');
  const links = rows();
  const here = links.indexOf(document.activeElement);
  if (event.key === '/' && search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'j' && links.length > 0) {
    links[Math.min(here + 1, links.length - 1)].focus();
  } else if (event.key === 'k' && links.length > 0) {
    links[Math.max(here - 1, 0)].focus();
  } else if (event.key === '?') {
    helpDialog();
  }
});

for (const button of document.querySelectorAll('[data-help="shortcuts"]')) {
  button.hidden = false;
  button.addEventListener('click', helpDialog);
}
