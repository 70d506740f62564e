// Files in parts: what breaks off goes on where it stopped. The form works without this, in one piece.
// Speaks the protocol of https://tus.io, version 1.0.0, with the address in the form's data-uploads.
const PART_BYTES_MIN = 256 * 1024;
const PART_BYTES_MAX = 8 * 1024 * 1024;
const PART_TIME_MAX = 90_000;
const PAUSE_MAX = 30_000;
const TRIES_MAX = 20;
const AT_ONCE = 2;
const REMEMBERED = 'tellonce-upload ';
const DAY = 24 * 60 * 60 * 1000;

class Refused extends Error {}
class Stopped extends Error {}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// A browser that keeps nothing goes on all the same, but not after the page is opened again.
const kept = {
  get(key) {
    try {
      const { at, since } = JSON.parse(localStorage.getItem(key));
      return Date.now() - since < DAY ? at : undefined;
    } catch {
      return undefined;
    }
  },
  set(key, at) {
    try {
      localStorage.setItem(key, JSON.stringify({ at, since: Date.now() }));
    } catch {
      // See above.
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // See above.
    }
  },
  // What was never finished is gone from the server after a day, and from here.
  tidy() {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(REMEMBERED) && !kept.get(key)) {
          localStorage.removeItem(key);
        }
      }
    } catch {
      // See above.
    }
  },
};

const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

const checksum = async (part) => {
  // Only where the page came over https: elsewhere browsers keep this to themselves.
  const bytes = globalThis.crypto?.subtle ? await part.arrayBuffer() : undefined;
  return bytes ? { 'Upload-Checksum': `sha256 ${base64(await crypto.subtle.digest('SHA-256', bytes))}` } : {};
};

// "3.4 MB", as the server says it.
const size = (bytes) => (bytes < 1e6 ? `${Math.floor(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

// Sends one file. `line` says how it goes; `stop` is a signal.
const send = async (file, address, line, stop) => {
  const key = `${REMEMBERED}${address} ${file.name} ${file.size} ${file.lastModified}`;
  let at = kept.get(key);
  let offset;
  let length = PART_BYTES_MIN;
  let tries = 0;
  let sentAll = false;

  const ask = async (url, method, headers, body) => {
    const signal = AbortSignal.any?.([stop, AbortSignal.timeout(PART_TIME_MAX)]) ?? stop;
    const answer = await fetch(url, {
      method,
      headers: { 'Tus-Resumable': '1.0.0', ...headers },
      body,
      signal,
      credentials: 'same-origin',
    });
    if ([413, 415, 422].includes(answer.status)) {
      throw new Refused(await answer.text());
    }
    return answer;
  };
  const forget = () => {
    kept.drop(key);
    at = undefined;
  };

  const step = async () => {
    if (!at) {
      const name = base64(new TextEncoder().encode(file.name));
      const answer = await ask(address, 'POST', {
        'Upload-Length': String(file.size),
        'Upload-Metadata': `filename ${name}`,
      });
      if (answer.status !== 201) {
        throw new Error(String(answer.status));
      }
      at = answer.headers.get('Location');
      kept.set(key, at);
      offset = 0;
    } else if (offset === undefined) {
      const answer = await ask(at, 'HEAD', {});
      if ([404, 410].includes(answer.status)) {
        // The last part arrived and its answer was lost, or too much time has passed.
        forget();
        return sentAll;
      }
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      offset = Number(answer.headers.get('Upload-Offset'));
    }
    line.progress(offset);
    const part = file.slice(offset, offset + length);
    sentAll = offset + part.size >= file.size;
    const began = performance.now();
    const answer = await ask(
      at,
      'PATCH',
      {
        'Upload-Offset': String(offset),
        'Content-Type': 'application/offset+octet-stream',
        ...(await checksum(part)),
      },
      part,
    );
    if (answer.status !== 204) {
      throw new Error(String(answer.status));
    }
    offset = Number(answer.headers.get('Upload-Offset'));
    const took = performance.now() - began;
    if (took < 1000) {
      length = Math.min(length * 2, PART_BYTES_MAX);
    } else if (took > 4000) {
      length = Math.max(length / 2, PART_BYTES_MIN);
    }
    tries = 0;
    line.progress(offset);
    return offset >= file.size;
  };

  for (;;) {
    try {
      if (await step()) {
        kept.drop(key);
        return;
      }
    } catch (error) {
      if (stop.aborted) {
        if (at) {
          // Whether or not this arrives, what does not go on is deleted after a day.
          fetch(at, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }).catch(() => {});
        }
        forget();
        throw new Stopped();
      }
      if (error instanceof Refused) {
        forget();
        throw error;
      }
      tries += 1;
      if (tries > TRIES_MAX) {
        throw new Refused(`${file.name} could not be sent. Choose it again, and it goes on where it stopped`);
      }
      offset = undefined;
      line.waits();
      await Promise.race([
        pause(Math.min(1000 * 2 ** (tries - 1), PAUSE_MAX)),
        new Promise((done) => stop.addEventListener('abort', done, { once: true })),
        new Promise((done) => window.addEventListener('online', done, { once: true })),
      ]);
      // Time without a network is nobody's try.
      if (navigator.onLine === false) {
        tries -= 1;
      }
    }
  }
};

const made = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text ?? '';
  return element;
};

// One file's line on the page. Whoever listens hears the words of `say` and no counting.
const lineOf = (file, list, say) => {
  const item = document.createElement('li');
  const name = made('span', 'app-files__name', file.name);
  const bar = made('progress', 'app-files__bar');
  bar.max = file.size;
  bar.value = 0;
  bar.setAttribute('aria-label', file.name);
  const state = made('span', 'app-quiet', 'Waiting for its turn');
  const button = made('button', 'app-link-button', 'Stop');
  button.type = 'button';
  button.append(made('span', 'govuk-visually-hidden', ` sending ${file.name}`));
  const stop = new AbortController();
  button.addEventListener('click', () => stop.abort());
  item.append(name, ' ', state, ' ', button, bar);
  list.append(item);
  let isWaiting = false;
  const end = (words) => {
    state.textContent = words;
    bar.remove();
    button.remove();
  };
  return {
    stop: stop.signal,
    progress(bytes) {
      if (isWaiting) {
        say('The connection is back. Sending goes on.');
      }
      isWaiting = false;
      bar.value = bytes;
      state.textContent = `${size(bytes)} of ${size(file.size)}`;
    },
    waits() {
      if (!isWaiting) {
        say('The connection was lost. Sending goes on by itself when it is back.');
      }
      isWaiting = true;
      state.textContent = `${size(bar.value)} of ${size(file.size)}. The connection was lost: this goes on by itself when it is back`;
    },
    done() {
      end('Arrived');
      say(`${file.name} has arrived.`);
    },
    stopped() {
      end('Stopped');
      say(`${file.name} was stopped.`);
    },
    refused(words) {
      end('');
      const message = made('p', 'govuk-error-message', words);
      item.append(message);
      say(words);
    },
  };
};

export const startUploads = (form) => {
  const input = form.querySelector('input[type="file"]');
  if (!input || !window.fetch || !window.AbortController) {
    return;
  }
  kept.tidy();
  const address = form.dataset.uploads;
  const list = made('ul', 'govuk-list app-files');
  const spoken = made('p', 'govuk-visually-hidden');
  spoken.setAttribute('role', 'status');
  (input.closest('.govuk-form-group') ?? input).after(list, spoken);
  const say = (words) => {
    spoken.textContent = words;
  };
  let isSending = false;
  const leave = (event) => event.preventDefault();

  form.addEventListener('submit', async (event) => {
    if (isSending) {
      event.preventDefault();
      return;
    }
    const files = [...input.files];
    if (files.length === 0) {
      return;
    }
    event.preventDefault();
    isSending = true;
    window.addEventListener('beforeunload', leave);
    list.replaceChildren();
    say(files.length === 1 ? 'The file is being sent.' : `${files.length} files are being sent.`);
    const waiting = files.map((file) => [file, lineOf(file, list, say)]);
    // Whatever happens to one, the others go on.
    input.value = '';
    let isRight = true;
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [file, line] = next;
        try {
          await send(file, address, line, line.stop);
          line.done();
        } catch (error) {
          isRight = false;
          if (error instanceof Stopped) {
            line.stopped();
          } else {
            line.refused(error.message);
          }
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    isSending = false;
    window.removeEventListener('beforeunload', leave);
    if (isRight) {
      form.requestSubmit(event.submitter);
    } else {
      say('Not every file was sent. The page says which, and why.');
    }
  });
};
