#pragma once
// How many input tokens a request makes, before anybody billed it.
#include <memory>
#include <string>
#include <string_view>

#include "config/types.hpp"
#include "core/units.hpp"
#include "gateway/dialects/request.hpp"
#include "gateway/tokens/calibrations.hpp"
#include "gateway/tokens/memo.hpp"
#include "gateway/tokens/vocabulary.hpp"

namespace troupe::api {

struct Setup;

/// Whose tokens are counted: of an alias the first target's, for several targets may count differently.
struct CountedFor {
  std::string_view provider, model;
  /// "provider/model", as endpoints are named here.
  std::string name() const { return std::string(provider) + "/" + std::string(model); }
};
CountedFor counted_for(const config::Model& alias, std::string_view asked);

/// Whether somebody is refused by this request's tokens: the provider has a key with a limit on them, the
/// tenant, its users or its key (`client`) have one, or the request names a price it may cost.
bool tokens_matter(const Setup& setup, const config::Tenant* tenant, const config::VirtualKey* client,
                   const dialects::Request& request, const CountedFor& whose);

/// Reads the vocabularies that this configuration's limits ask for (tens of milliseconds each, once), so that
/// no request waits for it.
void read_vocabularies(const tokens::Library& library, const Setup& setup);

/// Of one I/O thread.
class Counting {
 public:
  /// nullptr: nothing is counted exactly. `seed`: nobody outside knows it.
  Counting(std::shared_ptr<const tokens::Library> library, std::uint64_t seed)
      : library_(std::move(library)), memo_(seed) {}

  /// Puts the best that is known in place of the parser's guess: with `exact` the count by the model's own
  /// vocabulary where that is published (10 us per kB that was not seen lately), else the guess corrected by
  /// what earlier calls were billed. True when it is exact.
  bool refine(dialects::Request& request, const CountedFor& whose, bool exact);
  /// A call to that endpoint was billed so many input tokens.
  void learn(std::string_view endpoint, const dialects::Request& request, Tokens settled);

 private:
  bool count(dialects::Request& request, std::string_view model);

  std::shared_ptr<const tokens::Library> library_;
  tokens::Calibrations known_;
  tokens::Memo memo_;
};

}  // namespace troupe::api
