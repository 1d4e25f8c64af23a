#pragma once
// One I/O thread's numbers. Written by that thread only, read by whoever scrapes.
#include <array>
#include <cstdint>

#include "gateway/admin/counters.hpp"
#include "gateway/admin/label_table.hpp"
#include "gateway/admin/request_record.hpp"
#include "gateway/admin/vocabulary.hpp"

namespace troupe::admin {

// Bucket bounds of the OpenTelemetry GenAI semantic conventions 1.41; the overhead's are our own.
inline constexpr std::array kTokenBounds{1.,     4.,     16.,     64.,      256.,     1024.,     4096.,
                                         16384., 65536., 262144., 1048576., 4194304., 16777216., 67108864.};
inline constexpr std::array kDurationBounds{.01,  .02,  .04,  .08,   .16,   .32,   .64,
                                            1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
inline constexpr std::array kFirstTokenBounds{.001, .005, .01, .02, .04, .06, .08, .1,
                                              .25,  .5,   .75, 1.,  2.5, 5.,  7.5, 10.};
inline constexpr std::array kPerTokenBounds{.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1., 2.5};
inline constexpr std::array kOverheadBounds{.00005, .0001, .00025, .0005, .001, .0025, .005,
                                            .01,    .025,  .05,    .1,    .25,  1.};

/// Tokens of answered calls.
struct TokenCell {
  Histogram<kTokenBounds> input, output;
  struct Plain {
    Histogram<kTokenBounds>::Plain input, output;
  };
  void add_to(Plain& out) const;
};

/// Speed as the caller sees it.
struct SpeedCell {
  Histogram<kFirstTokenBounds> first_token;
  Histogram<kPerTokenBounds> per_token;
  struct Plain {
    Histogram<kFirstTokenBounds>::Plain first_token;
    Histogram<kPerTokenBounds>::Plain per_token;
  };
  void add_to(Plain& out) const;
};

/// Spend; requests whose price is unknown are counted apart and never as zero.
struct SpendCell {
  Counter requests, unknown, input, output, cached, reasoning;
  Sum picos;
  struct Plain {
    std::uint64_t requests = 0, unknown = 0, input = 0, output = 0, cached = 0, reasoning = 0;
    std::int64_t picos = 0;
  };
  void add_to(Plain& out) const;
};

/// Everything a thread has seen, without labels: what rates are made of.
struct Totals {
  std::uint64_t started = 0, finished = 0, failed = 0, input = 0, output = 0, cost_unknown = 0;
  std::uint64_t streams_opened = 0, streams_closed = 0, connections_opened = 0, connections_closed = 0;
  std::int64_t picos = 0;
  Sketch::Plain first_token{};
  std::uint64_t inflight = 0, streams = 0, connections = 0;  ///< now; set by Telemetry::totals()
};

/// Owned by Telemetry.
struct Shard {
  LabelTable<Counter, 3> requests;                     ///< model, code, route
  LabelTable<Histogram<kDurationBounds>, 3> served;    ///< operation, model, error
  LabelTable<SpeedCell, 3> speed;                      ///< operation, provider, model
  LabelTable<Counter, 4> attempts;                     ///< provider, key, fault, route
  LabelTable<Histogram<kDurationBounds>, 4> operated;  ///< operation, provider, upstream model, error
  LabelTable<TokenCell, 3> tokens;                     ///< operation, provider, upstream model
  LabelTable<SpendCell, 3> spend;                      ///< provider, upstream model, tenant
  LabelTable<Counter, 2> cached;                       ///< kind, result
  LabelTable<Counter, 1> rejections;                   ///< scope
  LabelTable<Counter, 1> classified;                   ///< how
  Histogram<kOverheadBounds> overhead;
  Counter started, finished, failed, streams_opened, streams_closed, connections_opened, connections_closed;
  Counter hedges;
  Sum saved;  ///< pico-dollars that answers from the cache would have cost
  Sketch first_token;

  /// Counts one finished request; of a mirrored one only what the upstream side sees. The owner thread's.
  void count(const RequestRecord& record, const Vocabulary& known);
  /// Counts an active probe's attempt, tokens and cost. The owner thread's.
  void count_probe(const RequestRecord& record, const Vocabulary& known);
  /// Any thread's.
  void add_to(Totals& out) const;

 private:
  void count_mirror(const RequestRecord& record, const Vocabulary& known);
  /// `route`: "" says request or hedge, whatever each attempt is.
  void count_attempts(const RequestRecord& record, const Vocabulary& known, std::string_view operation,
                      std::string_view route);
  void count_tokens(const RequestRecord& record, std::string_view operation, std::string_view upstream);
  void count_answer(const RequestRecord& record, std::string_view operation, std::string_view model,
                    std::string_view upstream);
  void count_cache(const RequestRecord& record);
  void count_spend(const RequestRecord& record, std::string_view upstream);
  ModelLabels models_;
};

/// The GenAI operation of an API path ("chat"); "" for paths that are none.
std::string_view operation_of(std::string_view path);

/// Who ran out, for troupe_ratelimit_rejections_total: tenant, queue, keys; "" when the fault is no
/// rejection.
std::string_view rejection_scope(Fault fault);

/// True for faults that are ours, a policy's or a provider's: what an error ratio should show.
bool is_failure(Fault fault);

}  // namespace troupe::admin
