// Our signatures and event streams beside those of AWS' own JavaScript.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { describe, it } from "node:test";

import { EventStreamCodec, Int64 } from "@smithy/eventstream-codec";
import { SignatureV4 } from "@smithy/signature-v4";

const program = process.env.TROUPE_CLOUD_LINES;
const skip = program ? false : "the build has no tests";

/** One answer per question, from our own code. */
function ours(questions) {
  const input = questions.map((question) => JSON.stringify(question) + "\n").join("");
  const ran = spawnSync(program, { input, encoding: "utf8", maxBuffer: 64 << 20 });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** Repeatable chance (mulberry32). */
function chance(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (bound) => next() % bound;
  const pick = (list) => list[below(list.length)];
  const letters = [..."abcXYZ019-._~ /:?#[]@!$&'()*+,;=%\"<>\\^`{|}é日🎭"];
  const text = (most) => Array.from({ length: below(most + 1) }, () => pick(letters)).join("");
  const bytes = (most) => Buffer.from(Array.from({ length: below(most + 1) }, () => below(256)));
  return { below, pick, text, bytes };
}

class Sha256 {
  constructor(secret) {
    this.hash = secret ? createHmac("sha256", secret) : createHash("sha256");
  }
  update(data) {
    this.hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.hash.digest());
  }
}

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function randomRequest({ below, pick, text }) {
  const models = ["anthropic.claude-3-5-sonnet-20241022-v2:0", "us.amazon.nova-lite-v1:0", text(30) || "m",
    "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-v1:0",
    "arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint"];
  const path = `/model/${encode(pick(models))}/${pick(["converse", "converse-stream", "invoke", ""])}`;
  const query = {};
  for (let left = below(4); left > 0; --left)
    query[text(6) || "q"] = below(3) ? text(12) : Array.from({ length: 1 + below(3) }, () => text(5));
  const flat = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => `${encode(name)}=${encode(one)}`));
  return {
    do: "sign", method: pick(["POST", "GET", "PUT"]), host: pick(["bedrock-runtime.us-east-1.amazonaws.com", "127.0.0.1:8443"]),
    path, query, target: flat.length ? `${path}?${flat.join("&")}` : path, body: text(200),
    headers: below(2) ? { "content-type": pick(["application/json", " a  b "]), "x-amzn-bedrock-trace": text(9).trim() || "t" } : {},
    id: `AKID${below(1e6)}`, secret: text(40) || "s", token: below(2) ? `token${below(1e9)}//==` : "",
    region: pick(["us-east-1", "eu-central-2"]), service: pick(["bedrock", "sts"]), when: 1.4e12 + below(2 ** 31) * 200,
  };
}

async function theirLines(request) {
  const credentials = { accessKeyId: request.id, secretAccessKey: request.secret, sessionToken: request.token || undefined };
  const { region, service } = request;
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const { method, path, query, body } = request;
  const call = { method, protocol: "https:", hostname: "h", path, query, body, headers: { ...request.headers, host: request.host } };
  const { headers } = await signer.sign(call, { signingDate: new Date(request.when) });
  const sent = ["x-amz-date", "x-amz-security-token", "authorization"].filter((name) => headers[name]);
  return sent.map((name) => `${name}: ${headers[name]}\r\n`).join("");
}

describe("signatures", { skip }, () => {
  it("are those of @smithy/signature-v4, for any request", async () => {
    const random = chance(4);
    const requests = Array.from({ length: 500 }, () => randomRequest(random));
    const answers = ours(requests);
    for (const [i, request] of requests.entries())
      assert.equal(answers[i].lines, await theirLines(request), JSON.stringify(request));
  });
});

const codec = new EventStreamCodec((bytes) => Buffer.from(bytes).toString("utf8"), (text) => Buffer.from(text, "utf8"));

/** A header as both sides name it: [theirs, ours]. */
function randomHeader({ below, pick, text, bytes }) {
  const type = pick(["boolean", "byte", "short", "integer", "long", "binary", "string", "timestamp", "uuid"]);
  const number = below(200) - 100;
  const id = Buffer.from(Array.from({ length: 16 }, () => below(256))).toString("hex");
  const blob = bytes(40);
  const words = text(40);
  const moment = below(2 ** 31) * 1000 + below(1000);
  const pair = {
    boolean: [number > 0, number > 0], byte: [number, number], short: [number * 300, number * 300],
    integer: [number * 20000000, number * 20000000], long: [Int64.fromNumber(number * 2 ** 45), String(number * 2 ** 45)],
    binary: [new Uint8Array(blob), blob.toString("hex")], string: [words, words], timestamp: [new Date(moment), moment],
    uuid: [id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"), id],
  }[type];
  return pair.map((value) => ({ type, value }));
}

function randomMessage(random) {
  const message = { theirs: {}, ours: {}, payload: random.bytes(300) };
  for (let left = random.below(8); left > 0; --left) {
    const name = `${random.pick([":", ""])}h${random.text(10)}${left}`;
    [message.theirs[name], message.ours[name]] = randomHeader(random);
  }
  return message;
}

describe("event streams", { skip }, () => {
  const random = chance(5);
  const messages = Array.from({ length: 300 }, () => randomMessage(random));

  it("of @smithy/eventstream-codec are read as they were meant", () => {
    const wire = messages.map(({ theirs, payload }) => Buffer.from(codec.encode({ headers: theirs, body: payload })));
    const questions = [1, 17, 1 << 20].map((piece) => ({ do: "decode", bytes: Buffer.concat(wire).toString("hex"), piece }));
    for (const { frames, at_boundary } of ours(questions)) {
      assert.ok(at_boundary);
      assert.deepEqual(frames, messages.map((message) => ({ headers: message.ours, payload: message.payload.toString("hex") })));
    }
  });

  it("of ours are read by @smithy/eventstream-codec", () => {
    const questions = messages.map((message) => ({ do: "encode", headers: message.ours, payload: message.payload.toString("hex") }));
    for (const [i, { bytes }] of ours(questions).entries()) {
      const { headers, body } = codec.decode(Buffer.from(bytes, "hex"));
      assert.deepEqual(Buffer.from(body), messages[i].payload);
      assert.deepEqual(plain(headers), plain(messages[i].theirs));
    }
  });
});

/** Comparable: bytes of any kind of array, numbers of Int64. */
function plain(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, { type, value }]) => {
    if (type === "binary") return [name, { type, value: Buffer.from(value).toString("hex") }];
    if (type === "long") return [name, { type, value: value.valueOf() }];
    return [name, { type, value }];
  }));
}
