// Every client library through the node to every family of providers: plain, streamed, with a tool, structured, failing.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { Provider, Troupe } from "./harness.mjs";
import { place, script } from "./script.mjs";
import { sdks } from "./sdks.mjs";
import { configuration, families, scripted } from "./shapes.mjs";

let provider, troupe;
before(async () => {
  provider = await Provider.start();
  provider.answer = scripted(script);
  troupe = await Troupe.serve(configuration(provider.url.replace(/\/v1$/, "")));
});
after(async () => {
  await troupe?.stop();
  await provider?.stop();
});

for (const [library, make] of Object.entries(sdks)) {
  for (const family of Object.keys(families)) {
    describe(`${library} to ${family}`, () => {
      it("plain", async () => {
        const { text, usage } = await make(troupe.api).plain(family, "hi");
        assert.equal(text, "Hello there, friend.");
        assert.deepEqual(usage, [11, 7]);
      });
      it("streamed, in pieces, with its usage", async () => {
        const { pieces, usage } = await make(troupe.api).stream(family, "hi");
        assert.ok(pieces.length >= 2, `${pieces.length} pieces`);
        assert.equal(pieces.join(""), "Hello there, friend.");
        // This one keeps the input that the first event tells, which may be an estimate, and adds up the output.
        if (library === "@langchain/anthropic") assert.ok(usage[0] > 0 && usage[1] >= 7, String(usage));
        else assert.deepEqual(usage, [11, 7]);
      });
      it("calls a tool and hears what it said, whole and streamed", async () => {
        for (const text of await make(troupe.api).tools(family, "What is the weather in Paris?"))
          assert.match(text, /^The tool said: .*sunny in Paris/);
      });
      it("gives a value of a schema", async () => {
        assert.deepEqual(await make(troupe.api).structured(family, "Which city?"), place);
      });
      it("fails with the provider's status and words", async () => {
        const client = make(troupe.api);
        for (const [prompt, status, words] of [["forbidden", 400, /not allowed/], ["hurry", 429, /Slow down/]]) {
          const error = await client.error(family, prompt).then(() => assert.fail("no error"), (one) => one);
          assert.equal(client.statusOf(error), status, String(error));
          assert.match(String(error.message), words);
        }
      });
    });
  }
}
