// What a look into the exact cache costs: the request's name, and the shard that has its answer.
// `cache_bench [rounds]`.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "actors/policy/cache/shard.hpp"
#include "core/time.hpp"
#include "gateway/cache/key.hpp"
#include "gateway/dialects/request.hpp"

using namespace troupe;

namespace {

double cpu_us() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e6 +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

/// A conversation of about `size` bytes in turns of 400, with a tool.
dialects::Request request(std::size_t size) {
  std::string body =
      R"({"model":"smart","temperature":0.2,"tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{"what":{"type":"string"}}}}}],"messages":[)";
  for (bool user = true; body.size() < size; user = !user)
    body += std::string(R"({"role":")") + (user ? "user" : "assistant") + R"(","content":")" +
            std::string(400, user ? 'q' : 'a') + R"("},)";
  body += R"({"role":"user","content":"and now?"}]})";
  auto parsed = dialects::parse_request(dialects::Operation::chat, std::move(body));
  if (!parsed) std::abort();
  return std::move(*parsed);
}

template <class Work>
double measure(std::size_t rounds, Work work) {
  work();
  const auto before = cpu_us();
  for (std::size_t i = 0; i < rounds; ++i) work();
  return (cpu_us() - before) / static_cast<double>(rounds);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20000;
  cache::Shard shard("n1", {std::size_t{256} << 20, std::size_t{1} << 20});
  cache::Outbox out;
  cache::Callers::Telling told;
  const Time now{std::chrono::hours(1)};
  auto entry = std::make_shared<cache::Entry>();
  entry->body.assign(2000, 'x');
  cache::Digest key;
  for (const std::size_t size : {1U << 10, 4U << 10, 32U << 10, 256U << 10}) {
    const auto asked = request(size);
    const auto cost = measure(rounds, [&] { key = *cache::digest_of(asked, {"tenant", "policy", "alias"}); });
    std::printf("name of a request of %6zu bytes  %8.2f us\n", asked.body.size(), cost);
  }
  shard.ask(key, 1, cache::kAnyAge, now, out, told);
  shard.end(key, 1, {entry, std::chrono::minutes(10), false}, now, out, told);
  const auto hit = measure(rounds, [&] {
    told.clear();
    shard.ask(key, 2, cache::kAnyAge, now, out, told);
  });
  std::printf("look at the shard, a hit          %8.2f us\n", hit);
  return told.size() == 1 && told[0].entry ? 0 : 1;
}
