#include "app/node_state.hpp"

#include "core/log.hpp"

namespace troupe::app {

void Pause::wait(Duration span) {
  std::unique_lock lock(mutex_);
  condition_.wait_for(lock, span);
}

std::shared_ptr<const config::Config> NodeState::config_now() const {
  const std::lock_guard lock(mutex);
  return config;
}

config::LoadResult NodeState::load() const {
  return options.config_path.empty() ? config::load_environment(options.environment)
                                     : config::load_file(options.config_path, options.environment);
}

config::LoadResult NodeState::load_whole() const {
  auto loaded = load();
  if (!loaded) return loaded;
  if (auto prepared = prepare(loaded.config)) {
    loaded.config = *prepared;
  } else {
    loaded.config = nullptr;
    loaded.problems.push_back({0, 0, "providers", prepared.error().message, {}});
  }
  return loaded;
}

void NodeState::take(std::shared_ptr<const config::Config> next) {
  last_reload_ok = true;
  {
    const std::lock_guard lock(mutex);
    config = next;
  }
  ++revision;
  put_in_force(std::move(next));
  log::info("reloaded").number("revision", static_cast<std::int64_t>(revision.load()));
}

config::LoadResult NodeState::reload() {
  auto loaded = load_whole();
  last_reload_ok = loaded.config != nullptr;
  if (!loaded) {
    log_problems(loaded.problems);
    log::error("reload_refused").number("problems", static_cast<std::int64_t>(loaded.problems.size()));
    return loaded;
  }
  take(loaded.config);
  return loaded;
}

void log_problems(const config::Problems& problems) {
  for (const auto& p : problems) {
    log::error("config_problem")
        .number("line", p.line)
        .number("column", p.column)
        .text("path", p.path)
        .text("message", p.message)
        .text("hint", p.hint);
  }
}

}  // namespace troupe::app
