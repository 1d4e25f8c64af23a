// The official Python SDKs do what every client library does here; python_client.py speaks for them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

import { Provider, Troupe } from "./harness.mjs";
import { configuration, families, scripted } from "./shapes.mjs";
import { place, script } from "./script.mjs";

const python = "python/bin/python";
const skip = existsSync(python) ? false : "skipped: no Python with the SDKs (see build/clients/python.log)";

let provider, troupe;
before(async () => {
  if (skip) return;
  provider = await Provider.start();
  provider.answer = scripted(script);
  troupe = await Troupe.serve(configuration(provider.url.replace(/\/v1$/, "")));
});
after(async () => {
  await troupe?.stop();
  await provider?.stop();
});

describe("Python", { skip }, () => {
  for (const library of ["openai", "anthropic"]) {
    for (const family of Object.keys(families)) {
      it(`${library} to ${family}`, async () => {
        const { stdout } = await promisify(execFile)(python, ["python_client.py", library, troupe.api, family]);
        const told = JSON.parse(stdout);
        assert.deepEqual(told.plain, ["Hello there, friend.", [11, 7]]);
        assert.ok(told.stream[0].length >= 2);
        assert.deepEqual([told.stream[0].join(""), told.stream[1]], told.plain);
        assert.match(told.tool, /^The tool said: .*sunny in Paris/);
        assert.deepEqual(told.structured, place);
        assert.equal(told.forbidden.status, 400);
        assert.match(told.forbidden.message, /not allowed/);
        assert.equal(told.hurry.status, 429);
        assert.match(told.hurry.message, /Slow down/);
      });
    }
  }
});
