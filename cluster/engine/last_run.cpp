#include "cluster/engine/last_run.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace troupe::cluster {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool sync(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  return synced;
}

}  // namespace

Moment this_moment(const Clock& clock) {
  Moment out;
  out.wall = clock.wall();
  out.boot = text_of("/proc/sys/kernel/random/boot_id");
  out.boot.erase(std::remove(out.boot.begin(), out.boot.end(), '\n'), out.boot.end());
  double up = 0;
  std::istringstream(text_of("/proc/uptime")) >> up;
  out.since_boot = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(up));
  return out;
}

LastRun::LastRun(std::filesystem::path dir) {
  if (dir.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(dir, ignored);
  file_ = dir / "last_run";
}

std::optional<Duration> LastRun::age(const Moment& now) const {
  std::error_code error;
  if (!std::filesystem::exists(file_, error)) return error ? std::optional(Duration::zero()) : std::nullopt;
  std::ifstream in(file_);
  std::int64_t wall = 0, up = 0;
  std::string boot;
  if (!(in >> wall >> up >> boot)) return Duration::zero();
  const auto age =
      boot == now.boot ? now.since_boot - Duration(up) : now.wall.time_since_epoch() - Duration(wall);
  return std::max(Duration::zero(), age);
}

bool LastRun::writable() const {
  auto fresh = file_;
  fresh += ".new";
  const bool opened = std::ofstream(fresh, std::ios::trunc).is_open();
  std::error_code ignored;
  std::filesystem::remove(fresh, ignored);
  return opened;
}

bool LastRun::touch(const Moment& now, bool durably) const {
  auto fresh = file_;
  fresh += ".new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << now.wall.time_since_epoch().count() << ' ' << now.since_boot.count() << ' ' << now.boot << '\n';
    if (!out.flush()) return false;
  }
  std::error_code error;
  if (durably && !sync(fresh)) return false;
  std::filesystem::rename(fresh, file_, error);
  return !error && (!durably || sync(file_.parent_path()));
}

}  // namespace troupe::cluster
