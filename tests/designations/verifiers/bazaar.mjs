// Verify credentials with Digital Bazaar's libraries. Offline: the loader knows the world it is given and no more.
// stdin: {world, contexts, credentials: {name: document}}; stdout: {name: {verified, error}}
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {readFileSync} from 'node:fs';

const {world, contexts, credentials} = JSON.parse(readFileSync(0, 'utf8'));
const known = {...world, ...contexts};

function documentLoader(url) {
  if(!(url in known)) {
    throw new Error(`not in the world: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: known[url]};
}

const told = {};
for(const [name, credential] of Object.entries(credentials)) {
  const suite = new DataIntegrityProof({cryptosuite});
  try {
    const found = await vc.verifyCredential({credential, suite, documentLoader, checkStatus});
    const error = found.error ?? found.statusResult?.error;
    // The library calls a revoked credential verified: its caller must read the status bit.
    const set = (found.statusResult?.results ?? []).some(one => one.status);
    told[name] = {verified: found.verified && !set, error: String(error?.errors?.[0]?.message ?? error?.message ?? '')};
  } catch(error) {
    told[name] = {verified: false, error: error.message};
  }
}
console.log(JSON.stringify(told));
