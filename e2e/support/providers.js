// Starts the providers that people have an account with, beside an area, and writes what the area
// has to know of them.

import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TODAY, freePort } from "./area.js";

const LEVEL = "Cl.Cm.P2";

/** Who has an account where. One of each is nobody here. */
const PEOPLE = {
  entra: [
    { name: "Dev Patel", email: "dev.patel@alderbourne.example" },
    { name: "Sol Archer", email: "sol.archer@alderbourne.example" },
    { name: "Mo Stranger", email: "mo.stranger@alderbourne.example" },
  ],
  dfe: [
    { name: "Ruth Deans", email: "ruth.deans@alderbourne.example" },
    { name: "Ruth Elsewhere", email: "ruth.deans@alderbourne.example", urn: "100999" },
  ],
  one_login: [{ name: "Amara Okafor", email: "amara.okafor@example.com" }],
};

/** Arguments with which an area at `address` is served, once its providers listen. */
export async function startProviders(t, address, { urn }) {
  const folder = await mkdtemp(join(process.env.TELLONCE_SCRATCH ?? tmpdir(), "providers-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const secret = "a secret of the tests, long enough";
  await writeFile(join(folder, "key.pem"), own.privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(join(folder, "secret"), secret);
  const ownKey = { ...own.publicKey.export({ format: "jwk" }), kid: "ours", alg: "ES256", use: "sig" };

  const providers = [];
  const file = [];
  for (const [id, kind, name] of [
    ["council", "entra", "Alderbourne Council"],
    ["schools", "dfe", "DfE Sign-in"],
    ["families", "one_login", "GOV.UK One Login"],
  ]) {
    const port = await freePort();
    const issuer = `http://localhost:${port}`;
    const isOneLogin = kind === "one_login";
    providers.push({
      kind,
      port,
      level: LEVEL,
      people: PEOPLE[kind].map((person) => ({ urn, ...person })),
      client: {
        client_id: "tellonce",
        ...(isOneLogin
          ? { token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: "ES256", jwks: { keys: [ownKey] } }
          : { client_secret: secret }),
        redirect_uris: [`${address}/sign-in/with/${id}/back`],
        post_logout_redirect_uris: [`${address}/sign-in`],
        backchannel_logout_uri: `${address}/sign-in/with/${id}/ended`,
        backchannel_logout_session_required: true,
      },
    });
    file.push(`[[provider]]
id = "${id}"
kind = "${kind}"
name = "${name}"
issuer = "${issuer}"
client_id = "tellonce"
${isOneLogin ? 'private_key_file = "key.pem"\nkey_id = "ours"' : 'client_secret_file = "secret"'}
${kind === "entra" ? "trust_email = true" : ""}
${isOneLogin ? `level = "${LEVEL}"\nidentity = { issuer = "${issuer}/identity", did = "${issuer}/did.json" }` : ""}
`);
  }
  await writeFile(join(folder, "sign-in.toml"), file.join("\n"));
  await writeFile(join(folder, "providers.json"), JSON.stringify({ now: `${TODAY}T10:00:00Z`, providers }));
  await listen(t, join(folder, "providers.json"));
  return { args: ["--sign-in", join(folder, "sign-in.toml"), "--address", address], issuers: Object.fromEntries(providers.map(({ kind, port }) => [kind, `http://localhost:${port}`])) };
}

async function listen(t, settings) {
  const program = join(import.meta.dirname, "provider.js");
  const server = spawn(process.execPath, [program, settings], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => server.kill("SIGKILL");
  process.once("exit", kill);
  t.after(kill);
  await new Promise((done, failed) => {
    server.stdout.once("data", done);
    server.once("exit", (code) => failed(new Error(`the providers ended with ${code}`)));
  });
}
