#include "actors/policy/evidence.hpp"

#include <algorithm>

namespace troupe::policy {
namespace {

bool is_limit(About about) {
  return about >= About::rpm;
}

}  // namespace

std::string_view name(About about) {
  static constexpr std::array<std::string_view, kAbouts> kNames{"verdict", "pause", "breaker", "rpm", "tpm",
                                                                "itpm",    "otpm",  "rpd",     "tpd"};
  return kNames[static_cast<std::size_t>(about)];
}

bool Findings::stale(const Evidence& evidence, const Said& said, Time now) const {
  if (evidence.value == 0 || said.value == 0 || said.until <= now) return false;
  if (is_limit(evidence.about) && evidence.value > said.value) return now < said.at + kKeepLimit;
  if (evidence.value != said.value) return false;
  const Duration news =
      evidence.about == About::pause ? Duration(std::chrono::milliseconds(100)) : evidence.remaining / 4;
  return now + evidence.remaining < said.until + news;
}

void Findings::add(const Evidence& evidence, Time now) {
  auto& said = said_[static_cast<std::size_t>(evidence.about)];
  if (said && stale(evidence, *said, now)) return;
  said = Said{evidence.value, now, now + evidence.remaining};
  waiting_.push_back(evidence);
}

Duration Rumours::longest(About about) {
  switch (about) {
    case About::verdict:
      return Findings::kVerdictHolds;
    case About::pause:
      return std::chrono::hours(1);
    case About::breaker:
    case About::rpm:
    case About::tpm:
    case About::itpm:
    case About::otpm:
    case About::rpd:
    case About::tpd:
      return Findings::kLimitHolds;
  }
  return {};
}

std::optional<Time> Findings::said(About about, Time now) const {
  const auto& said = said_[static_cast<std::size_t>(about)];
  return said && said->value != 0 && said->until > now ? std::optional(said->at) : std::nullopt;
}

bool Rumours::hear(const Hearsay& word, Time now) {
  auto& rumour = slot(word.about);
  auto until = std::min(word.until, now + longest(word.about));
  if (word.value <= 0 || until <= now) {
    const bool held = rumour.has_value();
    rumour.reset();
    return held;
  }
  const bool goes_on = rumour && rumour->word.until > now;
  if (goes_on && word.about == About::pause) until = std::max(until, rumour->word.until);
  rumour = Rumour{{word.about, word.value, until, word.from}, goes_on ? rumour->since : now};
  return true;
}

std::vector<About> Rumours::expire(Time now) {
  std::vector<About> over;
  for (std::size_t i = 0; i < kAbouts; ++i) {
    if (!words_[i] || words_[i]->word.until > now) continue;
    words_[i].reset();
    over.push_back(static_cast<About>(i));
  }
  return over;
}

std::vector<Hearsay> Rumours::view(Time now) const {
  std::vector<Hearsay> all;
  for (const auto& rumour : words_) {
    if (rumour && rumour->word.until > now) all.push_back(rumour->word);
  }
  return all;
}

}  // namespace troupe::policy
