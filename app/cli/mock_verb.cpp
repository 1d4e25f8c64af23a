#include "app/cli/mock_verb.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <ostream>

#include "app/cli/node.hpp"
#include "config/measure.hpp"

namespace troupe::cli {
namespace {

Result<mock::Rules> rules_of(const MockOptions& typed) {
  mock::Rules rules;
  const auto ttft = config::parse_duration(typed.ttft);
  if (!ttft)
    return fail(Fault::caller_bad_request, "--ttft: a duration with unit is expected, for example 50ms");
  auto& to = rules.behaviour;
  to.ttft = *ttft;
  to.tokens_per_second = typed.tps;
  to.tokens = typed.tokens;
  to.error_rate = typed.error_rate;
  to.overload_rate = typed.overload_rate;
  to.rate_limit_rate = typed.rate_limit_rate;
  to.cut_rate = typed.cut_rate;
  to.stall_rate = typed.stall_rate;
  to.malformed_rate = typed.malformed_rate;
  to.seed = typed.seed;
  rules.rpm = typed.rpm;
  rules.tpm = typed.tpm;
  rules.concurrency = typed.concurrency;
  return rules;
}

}  // namespace

Result<mock::Options> mock_options(const MockOptions& typed) {
  const auto rules = rules_of(typed);
  if (!rules) return tl::unexpected(rules.error());
  mock::Options out;
  out.everyone = *rules;
  out.seed = typed.seed;
  for (const auto& limit : typed.limits) {
    const auto colon = limit.rfind(':');
    const auto rpm = colon == std::string::npos ? std::nullopt : config::parse_whole(limit.substr(colon + 1));
    if (!rpm || *rpm < 0)
      return fail(Fault::caller_bad_request, fmt::format("--limit '{}': KEY:RPM is expected", limit));
    out.keys.try_emplace(limit.substr(0, colon), *rules).first->second.rpm = *rpm;
  }
  for (const auto& key : typed.dead) out.keys.try_emplace(key, *rules).first->second.dead = true;
  return out;
}

int run_mock(const Context& context, const MockOptions& typed) {
  auto options = mock_options(typed);
  if (!options) return complain(context, usage, options.error().message);
  boost::asio::io_context io{1};
  auto server = mock::Server::start(io, typed.listen, std::move(*options), real_clock());
  if (!server) return complain(context, failed, server.error().message);
  const auto host = typed.listen.substr(0, typed.listen.rfind(':'));
  *context.out << fmt::format("mock listening on http://{}:{}\n", host, (*server)->port()) << std::flush;
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) { (*server)->stop(); });
  io.run();
  return done;
}

}  // namespace troupe::cli
