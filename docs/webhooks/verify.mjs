// Verifies webhooks of kuaizheng (Standard Webhooks 1.0). Node 18 or newer; nothing to install.
//
//   import { verifyWebhook } from "./verify.mjs";
//   const id = verifyWebhook(request.headers, rawBody, ["whsec_..."]);   // throws if it is not ours
//
// rawBody is the body as it came (a Buffer), before JSON.parse. Deliveries are repeated after failures:
// do nothing twice for one id. While a secret is being changed, give both.
import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE_S = 300;

export function verifyWebhook(headers, rawBody, secrets, nowS = Date.now() / 1000) {
  const told = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const id = told["webhook-id"];
  const timestamp = told["webhook-timestamp"];
  const signatures = told["webhook-signature"];
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof signatures !== "string") {
    throw new Error("a header is missing");
  }
  if (!/^[0-9]{1,12}$/.test(timestamp)) throw new Error("the timestamp is no number");
  if (Math.abs(nowS - Number(timestamp)) > TOLERANCE_S) throw new Error("too old, or from the future");
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(rawBody)]);
  let found = false;
  for (const secret of secrets) {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    if (key.length < 24 || key.length > 64) throw new Error("a secret is whsec_ and base64 of 24 to 64 bytes");
    const expected = Buffer.from("v1," + createHmac("sha256", key).update(signed).digest("base64"));
    for (const one of signatures.split(" ")) {
      const given = Buffer.from(one);
      // No early return: the time taken must not tell which one fits.
      if (given.length === expected.length && timingSafeEqual(given, expected)) found = true;
    }
  }
  if (!found) throw new Error("no signature fits");
  return id;
}
