// Verify credentials with the Digital Credentials Consortium's verifier-core. It loads by HTTP, so fetch is answered
// from the world it is given, and anything else is not found.
// stdin: {world, credentials: {name: document}}; stdout: {name: {verified, error}}
import {readFileSync} from 'node:fs';

const {world, credentials} = JSON.parse(readFileSync(0, 'utf8'));

function addressed(url) {
  if(url in world) {
    return world[url];
  }
  const {host, pathname} = new URL(url);
  if(pathname === '/.well-known/did.json') {
    return world[`did:web:${host.replace(':', '%3A')}`];
  }
}

globalThis.fetch = async request => {
  const found = addressed(typeof request === 'string' ? request : (request.url ?? String(request)));
  const body = JSON.stringify(found ?? {});
  return new Response(body, {status: found ? 200 : 404, headers: {'content-type': 'application/json'}});
};
const said = console.log;
console.log = console.error = () => {};
const {verifyCredential} = await import('@digitalcredentials/verifier-core');

const told = {};
for(const [name, credential] of Object.entries(credentials)) {
  const found = await verifyCredential({credential, knownDIDRegistries: []});
  const steps = found.log ?? [];
  const held = id => steps.some(one => one.id === id && one.valid === true);
  const verified = !found.errors && held('valid_signature') && held('revocation_status') && held('expiration');
  told[name] = {verified, error: JSON.stringify(found.errors ?? steps)};
}
said(JSON.stringify(told));
