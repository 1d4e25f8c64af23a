// The official OpenAI SDKs, for node and for Python, upload a file, run a batch and read what came of it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import OpenAI, { toFile } from "openai";

import { completion, Provider, sendError, sendJson, Troupe } from "./harness.mjs";

const python = "python/bin/python";
const hash = (key) => `sha256:${createHash("sha256").update(key).digest("hex")}`;
const line = (name, text = name, url = "/v1/chat/completions") =>
  JSON.stringify({ custom_id: name, method: "POST", url, body: { model: "smart", messages: [{ role: "user", content: text }] } });

describe("the OpenAI SDK's files and batches", () => {
  let provider, troupe, store, mine, theirs;

  before(async () => {
    store = mkdtempSync(join(tmpdir(), "troupe-clients-store-"));
    provider = await Provider.start();
    provider.answer = (body, response) => {
      const text = body.messages.at(-1).content;
      if (text === "refuse") return sendError(response, 400, "No.", "no");
      sendJson(response, 200, completion(body, { content: `You said ${text}.` }));
    };
    troupe = await Troupe.serve({
      store: { path: store },
      providers: { alpha: { type: "openai", base_url: provider.url, keys: [{ name: "a", secret: "sk-upstream" }] } },
      models: { smart: { targets: [{ use: "alpha/gpt-4o" }] } },
      tenants: { mine: { keys: [{ name: "k", hash: hash("mine") }] }, theirs: { keys: [{ name: "k", hash: hash("theirs") }] } },
    });
    [mine, theirs] = ["mine", "theirs"].map((apiKey) => new OpenAI({ apiKey, baseURL: `${troupe.api}/v1`, maxRetries: 0 }));
  });

  after(async () => {
    await troupe?.stop();
    await provider?.stop();
    rmSync(store, { recursive: true });
  });

  async function over(batch) {
    for (let i = 0; i < 500 && ["validating", "in_progress", "finalizing", "cancelling"].includes(batch.status); ++i) {
      await pause(20);
      batch = await mine.batches.retrieve(batch.id);
    }
    return batch;
  }

  async function begin(text, more = {}) {
    const file = await mine.files.create({ file: await toFile(Buffer.from(text), "in.jsonl"), purpose: "batch" });
    return mine.batches.create({ input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h", ...more });
  }

  it("run from a file to its output", async () => {
    const text = `${line("one")}\n${line("two", "refuse")}\n${line("three")}\n`;
    const file = await mine.files.create({ file: await toFile(Buffer.from(text), "in.jsonl"), purpose: "batch" });
    assert.deepEqual([file.object, file.bytes, file.filename, file.purpose], ["file", text.length, "in.jsonl", "batch"]);
    assert.equal(await (await mine.files.content(file.id)).text(), text);
    const made = await mine.batches.create({
      input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h", metadata: { job: "test" },
    });
    assert.equal(made.object, "batch");
    const done = await over(made);
    assert.equal(done.status, "completed");
    assert.deepEqual(done.request_counts, { total: 3, completed: 2, failed: 1 });
    assert.deepEqual(done.metadata, { job: "test" });
    const read = async (id) => (await (await mine.files.content(id)).text()).trim().split("\n").map(JSON.parse);
    const output = await read(done.output_file_id);
    assert.deepEqual(output.map((one) => one.custom_id), ["one", "three"]);
    assert.equal(output[0].response.body.choices[0].message.content, "You said one.");
    const errors = await read(done.error_file_id);
    assert.equal(errors[0].response.status_code, 400);
    assert.deepEqual(await mine.files.delete(file.id), { id: file.id, object: "file", deleted: true });
  });

  it("page through lists, and only through their own", async () => {
    for (let i = 0; i < 3; ++i) await over(await begin(line("x")));
    const all = [];
    for await (const batch of mine.batches.list({ limit: 2 })) all.push(batch.id);
    assert.ok(all.length >= 3);
    assert.equal(new Set(all).size, all.length);
    const files = [];
    for await (const file of mine.files.list({ limit: 2, purpose: "batch" })) files.push(file.id);
    assert.ok(files.length >= 3);
    for await (const batch of theirs.batches.list()) assert.fail(`not theirs: ${batch.id}`);
    await assert.rejects(theirs.batches.retrieve(all[0]), { status: 404 });
    await assert.rejects(theirs.files.content(files[0]), { status: 404 });
  });

  it("are told what is wrong", async () => {
    const failed = await over(await begin(`${line("a")}\n{\n`));
    assert.equal(failed.status, "failed");
    assert.deepEqual([failed.errors.data[0].line, failed.errors.data[0].code], [2, "invalid_json_line"]);
    await assert.rejects(begin(line("a"), { endpoint: "/v1/nothing" }), { status: 400, param: "endpoint" });
    await assert.rejects(mine.batches.cancel(failed.id), { status: 409 });
  });

  it("do the same from Python", { skip: existsSync(python) ? false : "skipped: no Python with the SDKs" }, async () => {
    const { stdout } = await promisify(execFile)(python, ["python_batches.py", troupe.api, "mine"]);
    const told = JSON.parse(stdout);
    assert.deepEqual(told.counts, { total: 3, completed: 3, failed: 0 });
    assert.deepEqual(told.answers, [["a", "You said a."], ["b", "You said b."], ["c", "You said c."]]);
    assert.equal(told.listed, true);
    assert.equal(told.deleted, true);
  });
});
