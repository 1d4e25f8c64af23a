#pragma once
// One request as operators see it afterwards: metrics, access log and /requests are made from this.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::admin {

struct AttemptRecord {
  std::string provider, key, model;
  int status = 0;                 ///< upstream's; 0 = none came
  std::optional<Fault> fault;     ///< nullopt = success
  std::optional<Duration> began;  ///< since the request started; nullopt: right after the attempt before it
  Duration took{0};
  std::optional<Duration> first_token;
  bool hedge = false, probe = false;
};

struct RequestRecord {
  std::string id, tenant, model;  ///< model: the alias asked for
  std::string virtual_key;        ///< its name; empty: none was needed
  std::string method, path, peer;
  WallTime started;
  int status = 0;
  std::optional<Fault> fault;  ///< nullopt = served
  bool stream = false;
  std::string route;                          ///< primary | fallback:N | hedge; empty when nothing was called
  std::string provider, key, upstream_model;  ///< who really answered
  std::vector<AttemptRecord> attempts;
  Usage usage;
  std::optional<Money> cost;   ///< nullopt = unknown price
  std::string cache;           ///< hit | semantic | miss; empty: not cached
  bool meant = false;          ///< the semantic cache was asked
  std::optional<Money> saved;  ///< what a hit would have cost
  std::optional<Duration> first_token;
  Duration total{0}, overhead{0}, queued{0};
  std::uint64_t bytes_in = 0, bytes_out = 0;
};

}  // namespace troupe::admin
