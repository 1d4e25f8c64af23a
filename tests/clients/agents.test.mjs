// Coding agents complete a small task with their own tools, through the node, on a scripted model of each family.
// They are kept from the outside network: what does not go to this machine is sent to a proxy that is not there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";

import { Provider, Troupe } from "./harness.mjs";
import { configuration, families, scripted } from "./shapes.mjs";

const require = createRequire(import.meta.url);
const task = "Write the word troupe into the file proof.txt.";
const command = "printf troupe > proof.txt && echo written";

function installed(name, path) {
  try {
    const file = join(dirname(require.resolve(`${name}/package.json`)), path);
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** The call that runs the command, by whichever tool the agent offers for that. */
function callOf(tools) {
  const known = {
    exec_command: { cmd: command },
    shell_command: { command },
    shell: { command: ["bash", "-c", command] },
    bash: { command, description: "Writes the file" },
  };
  const name = Object.keys(known).find((one) => tools.includes(one));
  return name && { name, input: known[name] };
}

/** The model: one call of a tool, then a word about what it said. Side questions (titles) get a text at once. */
function model(seen) {
  return (asked) => {
    seen.push(asked);
    if (asked.results.length) return { text: `It said ${asked.results.join(" ").includes("written") ? "written" : "nothing"}.` };
    const call = callOf(asked.tools);
    return call ? { text: "I write it now.", calls: [call] } : { text: "A file of one word" };
  };
}

function run(program, args, folder, env) {
  const away = "http://127.0.0.1:9";
  const proxies = { HTTP_PROXY: away, HTTPS_PROXY: away, ALL_PROXY: away, NO_PROXY: "127.0.0.1,localhost" };
  const child = spawn(program, args, {
    cwd: join(folder, "work"),
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...proxies, ...env },
  });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  const late = setTimeout(() => child.kill("SIGKILL"), 90_000);
  return new Promise((resolve) => child.once("close", (code) => (clearTimeout(late), resolve({ code, said }))));
}

const agents = {
  codex: {
    program: installed("@openai/codex-linux-x64", "vendor/x86_64-unknown-linux-musl/bin/codex"),
    start(api, alias, folder, program) {
      const file = [`model = "${alias}"`, 'model_provider = "troupe"', "check_for_update_on_startup = false", 'web_search = "disabled"',
        "[analytics]", "enabled = false",
        "[model_providers.troupe]", 'name = "troupe"', `base_url = "${api}/v1"`, 'env_key = "TROUPE_KEY"', 'wire_api = "responses"'];
      writeFileSync(join(folder, "config.toml"), file.join("\n"));
      const flags = ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", task];
      return run(program, flags, folder, { CODEX_HOME: folder, TROUPE_KEY: "any" });
    },
  },
  opencode: {
    program: installed("opencode-linux-x64", "bin/opencode"),
    start(api, alias, folder, program) {
      const provider = { npm: "@ai-sdk/openai-compatible", name: "troupe", options: { baseURL: `${api}/v1`, apiKey: "any" }, models: { [alias]: {} } };
      const config = { provider: { gw: provider }, model: `gw/${alias}`, small_model: `gw/${alias}`, autoupdate: false, share: "disabled" };
      mkdirSync(join(folder, ".config/opencode"), { recursive: true });
      writeFileSync(join(folder, ".config/opencode/opencode.json"), JSON.stringify(config));
      const quiet = { OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1", OPENCODE_DISABLE_LSP_DOWNLOAD: "1" };
      return run(program, ["run", "-m", `gw/${alias}`, task], folder, quiet);
    },
  },
};

for (const [name, agent] of Object.entries(agents)) {
  const skip = agent.program ? false : `${name} is not installed`;
  describe(name, { skip }, () => {
    let provider, troupe;
    before(async () => {
      provider = await Provider.start();
      troupe = await Troupe.serve(configuration(provider.url.replace(/\/v1$/, "")));
    });
    after(async () => {
      await troupe?.stop();
      await provider?.stop();
    });

    for (const family of Object.keys(families)) {
      it(`runs a command and hears its output, on a model of ${family}`, async () => {
        const folder = mkdtempSync(join(tmpdir(), "troupe-agent-"));
        mkdirSync(join(folder, "work"));
        const seen = [];
        provider.answer = scripted(model(seen));
        try {
          const { code, said } = await agent.start(troupe.api, family, folder, agent.program);
          assert.equal(code, 0, said);
          assert.equal(readFileSync(join(folder, "work/proof.txt"), "utf8"), "troupe");
          assert.match(said, /It said written/);
          assert.ok(seen.some((asked) => asked.results.some((text) => text.includes("written"))), "the result did not come back");
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      });
    }
  });
}
