#include "app/cli/starter.hpp"

namespace troupe::cli {

std::string_view starter_config() {
  return R"(# Troupe. Start: troupe serve --config troupe.yaml     Check: troupe check-config troupe.yaml --explain
# Every field: docs/configuration.md, or an editor with `troupe config schema`.
version: 1

server:
  listen: 127.0.0.1:8080         # clients; loopback only until a tenant with keys is configured
  admin: 127.0.0.1:9901          # operators: dashboard, /metrics, `troupe top`
  # admin_token: ${TROUPE_ADMIN_TOKEN}

providers:
  mock: { type: mock, ttft: 50ms, tokens_per_second: 80 }   # answers without any key
  # openai:
  #   type: openai
  #   keys:
  #     - { name: primary,   secret: "${OPENAI_API_KEY}",   weight: 2, limits: { rpm: 500, tpm: 200000 } }
  #     - { name: secondary, secret: "${OPENAI_API_KEY_2}", limits: { rpm: 500 } }
  # claude: { type: anthropic, keys: [ { name: main, secret: "${ANTHROPIC_API_KEY}", limits: { rpm: 300 } } ] }
  # local:  { type: openai, base_url: "http://127.0.0.1:8000/v1", keys: [ { name: local, limits: { concurrency: 64 } } ] }

models:                          # the names that clients ask for
  smart:
    strategy: headroom           # the key with most room left; or priority, weighted, least_latency, cheapest ...
    targets:
      - { use: mock/mock-large }
      # - { use: openai/gpt-4o, weight: 3 }
      # - { use: claude/claude-sonnet-4-5, tier: 2 }        # only when tier 1 has nothing available
    retry: { attempts: 3, budget: 20% }
    timeout: { first_token: 10s, idle: 30s, total: 120s }
    queue: { max_wait: 5s, max_length: 1000 }
  cheap: { strategy: cheapest, targets: [ { use: mock/mock-small } ] }

# tenants:                       # who may ask; the hash is of the key that the client presents:
#   search-team:                 #   printf %s "$KEY" | sha256sum
#     keys: [ { name: search-prod, hash: "sha256:..." } ]
#     models: [ smart, cheap ]

telemetry: { log: { format: json, level: info } }
)";
}

}  // namespace troupe::cli
