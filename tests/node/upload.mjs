// Uploads one file by tus-js-client as an order on standard input says, and tells on standard output what became of it.
import { readFileSync } from "node:fs";
import { Upload } from "tus-js-client";

const order = JSON.parse(readFileSync(0, "utf8"));
const requests = [];

function upload(options) {
  return new Promise((done) => {
    const one = new Upload(readFileSync(order.file), {
      headers: order.headers,
      metadata: order.metadata,
      retryDelays: [0, 50, 200, 500],
      ...order.options,
      ...options,
      onAfterResponse: (request, response) => requests.push([request.getMethod(), response.getStatus()]),
      onChunkComplete: (size, accepted) => {
        if (order.stopAt && !options.uploadUrl && accepted >= order.stopAt) {
          one.abort().then(() => done({ url: one.url, stopped: accepted }));
        }
      },
      onSuccess: () => done({ url: one.url }),
      onError: (error) =>
        done({ status: error.originalResponse?.getStatus(), body: error.originalResponse?.getBody() }),
    });
    one.start();
  });
}

let outcome = await upload({ endpoint: order.endpoint });
if (outcome.stopped) {
  // As an app that was closed and opened again, and meets another web process.
  const url = new URL(new URL(outcome.url).pathname, order.resumeAt ?? order.endpoint).href;
  outcome = { ...(await upload({ uploadUrl: url })), stopped: outcome.stopped };
}
process.stdout.write(JSON.stringify({ ...outcome, requests }));
process.exit(0);
