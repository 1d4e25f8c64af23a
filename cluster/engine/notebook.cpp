#include "cluster/engine/notebook.hpp"

#include <array>
#include <cstring>
#include <iterator>
#include <optional>

#include "cluster/link/frame.hpp"
#include "cluster/wire/codec.hpp"
#include "core/log.hpp"

namespace troupe::cluster {
namespace {

constexpr std::size_t kFixed = 24;  // of a record: length, check, local time, calendar
constexpr Duration kTolerance = std::chrono::seconds(1);

template <class T>
void put(std::string& out, T value) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &value, sizeof(T));
  out.append(bytes.data(), bytes.size());
}

template <class T>
T get(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

/// FNV-1a.
std::uint32_t check_of(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

}  // namespace

Notebook::Notebook(const std::filesystem::path& dir, std::string boot, const Clock& clock)
    : file_(dir / "account"), boot_(std::move(boot)), clock_(clock) {
  std::error_code ignored;
  std::filesystem::create_directories(dir, ignored);
}

std::string Notebook::header() const {
  return "troupe account 1, protocol " + std::to_string(link::kProtocol) + ", boot " + boot_ + "\n";
}

std::string Notebook::record(const Kept& kept) const {
  std::string body;
  put(body, kept.at.time_since_epoch().count());
  put(body, static_cast<std::int64_t>(clock_.wall().time_since_epoch().count()));
  body += wire::encode(Message(kept.told));
  std::string out;
  put(out, static_cast<std::uint32_t>(body.size()));
  put(out, check_of(body));
  return out + body;
}

bool Notebook::plausible(Time at, std::int64_t wall, Time now) const {
  const auto by_calendar = clock_.wall().time_since_epoch() - Duration(wall);
  return at <= now && now - at <= by_calendar + kTolerance;
}

std::vector<Kept> Notebook::recall(Time now) {
  auto kept = read(now);
  if (kept.empty()) {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }
  return kept;
}

std::vector<Kept> Notebook::read(Time now) {
  std::string bytes;
  {
    std::ifstream in(file_, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  const auto expected = header();
  if (boot_.empty() || bytes.compare(0, expected.size(), expected) != 0) return {};
  std::vector<Kept> out;
  auto at = expected.size();
  while (bytes.size() - at >= kFixed) {
    const std::size_t size = get<std::uint32_t>(bytes, at);
    if (size < kFixed - 8) return {};
    if (bytes.size() - at - 8 < size) break;
    const auto body = std::string_view(bytes).substr(at + 8, size);
    const auto message = wire::decode(body.substr(kFixed - 8));
    const auto* said = message ? std::get_if<Message>(&*message) : nullptr;
    const auto* told = said ? std::get_if<Append>(said) : nullptr;
    const auto when = Time(Duration(get<std::int64_t>(body, 0)));
    if (check_of(body) != get<std::uint32_t>(bytes, at + 4) || !told ||
        !plausible(when, get<std::int64_t>(body, 8), now))
      return {};
    out.push_back({when, *told});
    at += 8 + size;
  }
  std::error_code error;
  std::filesystem::resize_file(file_, at, error);  // what is cut short at the end
  if (!error) out_.open(file_, std::ios::binary | std::ios::app);
  return out_.is_open() ? out : std::vector<Kept>{};
}

/// True when no later process can take the file for the truth.
bool Notebook::forget() {
  out_.close();
  std::error_code error;
  std::filesystem::remove(file_, error);
  log::warn("account_not_kept").text("file", file_.string()).flag("removed", !error);
  return !error;
}

bool Notebook::keep(const Kept& kept) {
  if (!out_.is_open()) return true;  // there is no file; the next image begins one
  const auto bytes = record(kept);
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return out_.flush() ? true : forget();
}

bool Notebook::replace(const Kept& image) {
  out_.close();
  out_.clear();
  if (boot_.empty()) return true;
  auto fresh = file_;
  fresh += ".new";
  out_.open(fresh, std::ios::binary | std::ios::trunc);
  const auto bytes = header() + record(image);
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  std::error_code error;
  if (out_.flush()) std::filesystem::rename(fresh, file_, error);
  return out_ && !error ? true : forget();
}

}  // namespace troupe::cluster
