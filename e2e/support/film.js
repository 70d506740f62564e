// A film that a browser takes, for those who send one.

import { visit } from "./visitor.js";

/** A real film of about a second, made by the browser itself. */
export async function film(t, area) {
  const maker = await visit(t, area, "The film");
  await maker.goTo("/dates");
  const base64 = await maker.page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 160, height: 120 });
    const drawing = canvas.getContext("2d");
    let turn = 0;
    const timer = setInterval(() => {
      drawing.fillStyle = turn % 2 ? "#00703c" : "#1d70b8";
      drawing.fillRect(0, 0, 160, 120);
      turn += 1;
    }, 40);
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    await new Promise((done) => setTimeout(done, 1000));
    recorder.stop();
    await stopped;
    clearInterval(timer);
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  });
  return { name: "me.webm", mimeType: "video/webm", buffer: Buffer.from(base64, "base64") };
}
