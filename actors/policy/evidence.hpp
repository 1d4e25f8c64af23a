#pragma once
// What the nodes of a cluster tell each other about one provider key: what one learnt first hand, and what
// the others make of it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace troupe::policy {

/// What a word is about. In the order of members::Aspect, so that one is cast to the other.
enum class About : std::uint8_t { verdict, pause, breaker, rpm, tpm, itpm, otpm, rpd, tpd };
inline constexpr std::size_t kAbouts = 9;
/// "verdict", "pause", ...; for people.
std::string_view name(About about);
/// The limit in the order of Shares and RefusalReason.
constexpr About about_window(std::size_t window) {
  return static_cast<About>(static_cast<std::size_t>(About::rpm) + window);
}

/// What this node learnt first hand. `value` 1: refused (verdict), no call (pause), open (breaker); for a
/// limit the provider's number; 0 takes all of that back.
struct Evidence {
  About about = About::verdict;
  std::int64_t value = 0;
  Duration remaining{};  ///< how long it holds; of no meaning when `value` is 0
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// What another node learnt. `until` in the past: its time is over, or it was about another configuration.
struct Hearsay {
  About about = About::verdict;
  std::int64_t value = 0;  ///< 0: taken back
  Time until;
  std::string from;  ///< the node
};

/// What this node has to tell, each thing not more often than it is news: the same value again only when its
/// end moved by a quarter (a pause: by 100 ms), a larger limit only a minute after a smaller one. So
/// a burst of refusals, and models of one key with limits of their own, are a few words and not thousands. A
/// value.
class Findings {
 public:
  static constexpr Duration kVerdictHolds = std::chrono::minutes(10);
  static constexpr Duration kLimitHolds = std::chrono::minutes(10);
  static constexpr Duration kKeepLimit = std::chrono::minutes(1);

  /// What is taken back is news always; it is the caller's to say it only once.
  void add(const Evidence& evidence, Time now);
  /// Whether something that was said of `about` holds, and since when at the latest it was said.
  std::optional<Time> said(About about, Time now) const;
  std::vector<Evidence> take() { return std::exchange(waiting_, {}); }
  void forget() { *this = {}; }

 private:
  struct Said {
    std::int64_t value = 0;
    Time at, until;
  };
  bool stale(const Evidence& evidence, const Said& said, Time now) const;

  std::array<std::optional<Said>, kAbouts> said_;
  std::vector<Evidence> waiting_;
};

/// What others said of one key and still holds. No word holds longer than longest(): a wrong or late one
/// stops nothing for ever, and a right one is learnt again by a single call. A value.
class Rumours {
 public:
  static Duration longest(About about);

  struct Rumour {
    Hearsay word;
    Time since;  ///< of the first of an unbroken row of such words
  };
  /// Answers whether something holds now that did not, or differently.
  bool hear(const Hearsay& word, Time now);
  /// Drops what is over and answers it; nothing when nothing is due.
  std::vector<About> expire(Time now);
  void drop(About about) { slot(about).reset(); }
  void forget() { words_ = {}; }

  const Rumour* of(About about) const {
    const auto& at = words_[static_cast<std::size_t>(about)];
    return at ? &*at : nullptr;
  }
  bool holds(About about, Time now) const {
    const auto* rumour = of(about);
    return rumour && rumour->word.until > now;
  }
  std::vector<Hearsay> view(Time now) const;

 private:
  std::optional<Rumour>& slot(About about) { return words_[static_cast<std::size_t>(about)]; }
  std::array<std::optional<Rumour>, kAbouts> words_;
};

}  // namespace troupe::policy
