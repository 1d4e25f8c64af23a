#pragma once
// Which names may become metric labels: those of the configuration, so that a client cannot make series.
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "config/types.hpp"

namespace troupe::admin {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
using NameSet = std::unordered_set<std::string, TextHash, std::equal_to<>>;

/// Immutable after construction; shared by all threads.
class Vocabulary {
 public:
  Vocabulary() = default;
  explicit Vocabulary(const config::Config& config);
  bool has_model(std::string_view name) const { return models_.contains(name); }

 private:
  NameSet models_;  ///< aliases, "provider/model" and the providers' own model names
};

/// One thread's view of it. A name that is not configured is kept once a provider has answered for it (then
/// it exists), up to kLearned of them; everything else is "other".
class ModelLabels {
 public:
  static constexpr std::size_t kLearned = 64;
  /// The label for `name`; valid as long as `name`.
  std::string_view label(const Vocabulary& known, std::string_view name, bool answered);

 private:
  NameSet learned_;
};

}  // namespace troupe::admin
