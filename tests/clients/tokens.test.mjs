// Our counts against npm's tiktoken (OpenAI's own Rust, compiled to WASM), text by text.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { corpus } from "./tokens_corpus.mjs";

const require = createRequire(import.meta.url);
const { Tiktoken } = require("tiktoken");
const vocabularies = process.env.TROUPE_TOKENS ?? "";
const scratch = mkdtempSync(join(tmpdir(), "troupe-tokens-"));
after(() => rmSync(scratch, { recursive: true }));

/** What `troupe tokens count` says of each text. */
function counted(texts, ...options) {
  const files = texts.map((text, index) => {
    const file = join(scratch, String(index));
    writeFileSync(file, text);
    return file;
  });
  const words = ["tokens", "count", "--json", ...options, ...files];
  return JSON.parse(execFileSync(process.env.TROUPE_BINARY, words, { encoding: "utf8", maxBuffer: 64 << 20 }));
}

/** The published tokenizer; special tokens are plain text, as they are to us. */
function tiktoken(encoding) {
  const { bpe_ranks, special_tokens, pat_str } = require(`tiktoken/encoders/${encoding}.json`);
  const encoder = new Tiktoken(bpe_ranks, special_tokens, pat_str);
  return (text) => encoder.encode_ordinary(text).length;
}

for (const [encoding, model] of [["o200k_base", "gpt-4o"], ["cl100k_base", "gpt-3.5-turbo"]]) {
  const missing = existsSync(join(vocabularies, `${encoding}.tokens`)) ? false : "no vocabulary: deploy/tokens could not fetch it";
  test(`every text has as many tokens in ${encoding} as tiktoken says`, { skip: missing }, () => {
    const texts = corpus();
    const count = tiktoken(encoding);
    const rows = counted(texts, "-m", model);
    assert.equal(rows.length, texts.length);
    texts.forEach((text, index) => {
      assert.equal(rows[index].exact, true);
      assert.equal(rows[index].encoding, encoding);
      assert.equal(rows[index].tokens, count(text), JSON.stringify(text.slice(0, 200)));
    });
  });
}

test("a model whose vocabulary is not published gets a guess that says so", () => {
  const rows = counted(["Hello, world!", "你好"], "-m", "claude-sonnet-4-5");
  for (const row of rows) {
    assert.equal(row.exact, false);
    assert.equal(row.encoding, null);
    assert.ok(row.tokens > 0);
  }
});
