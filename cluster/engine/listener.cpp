#include "cluster/engine/listener.hpp"

#include "core/log.hpp"

namespace troupe::cluster {

void Listener::listen(Engine::Hear hear) {
  const std::lock_guard hearing(hearing_);
  hear_ = std::move(hear);
}

void Listener::add(const std::string& key, policy::Hearsay word) {
  const std::lock_guard lock(mutex_);
  untold_.emplace_back(key, std::move(word));
}

bool Listener::waits() const {
  const std::lock_guard lock(mutex_);
  return !untold_.empty();
}

void Listener::tell() {
  const std::lock_guard hearing(hearing_);
  if (!hear_) return;
  std::vector<std::pair<std::string, policy::Hearsay>> words;
  {
    const std::lock_guard lock(mutex_);
    words.swap(untold_);
  }
  for (const auto& [key, word] : words) {
    log::info("hearsay")
        .text("key", key)
        .text("about", policy::name(word.about))
        .number("value", word.value)
        .text("from", word.from);
    hear_(key, word);
  }
}

}  // namespace troupe::cluster
