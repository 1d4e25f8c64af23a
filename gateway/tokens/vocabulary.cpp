#include "gateway/tokens/vocabulary.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/utf8.hpp"
#include "gateway/tokens/merge.hpp"

namespace troupe::tokens {
namespace {

Merger& merger() {
  thread_local Merger mine;
  return mine;
}

/// A merger that once took a megabyte does not keep it for ever.
constexpr std::size_t kKeptPiece = 64 << 10;

/// Calls `take` with each piece of valid UTF-8; false when the splitter gave up or one is too long.
template <class Take>
bool each_piece(const Splitter& splitter, std::string_view text, std::size_t longest, Take take) {
  std::size_t seen = 0;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = splitter.next(text, from);
    if (end == 0 || end - from > longest) return false;
    take(text.substr(from, end - from));
    seen = std::max(seen, end - from);
    from = end;
  }
  if (seen > kKeptPiece) merger() = Merger{};
  return true;
}

}  // namespace

std::optional<std::int64_t> Vocabulary::count(std::string_view text, std::size_t longest_piece) const {
  if (!valid_utf8(text)) return count(repair_utf8(text), longest_piece);
  std::int64_t sum = 0;
  const auto add = [&](std::string_view piece) {
    sum += static_cast<std::int64_t>(merger().count(ranks_, piece));
  };
  return each_piece(splitter_, text, longest_piece, add) ? std::optional(sum) : std::nullopt;
}

std::optional<std::vector<std::uint32_t>> Vocabulary::encode(std::string_view text) const {
  if (!valid_utf8(text)) return encode(repair_utf8(text));
  std::vector<std::uint32_t> ids;
  const auto add = [&](std::string_view piece) { merger().encode(ranks_, piece, ids); };
  const bool whole = each_piece(splitter_, text, std::string_view::npos, add);
  return whole ? std::optional(std::move(ids)) : std::nullopt;
}

Library::Shelf& Library::shelf(Encoding encoding) const {
  auto& shelf = shelves_[static_cast<std::size_t>(encoding)];
  std::call_once(shelf.once, [&] {
    if (directory_.empty()) {
      shelf.problem = "there are no vocabularies here: deploy/tokens fetches them";
      return;
    }
    auto ranks = Ranks::load(directory_ + "/" + std::string(name(encoding)) + ".tokens");
    if (ranks) {
      shelf.vocabulary = std::make_unique<const Vocabulary>(encoding, std::move(*ranks));
    } else {
      shelf.problem = ranks.error().message;
    }
  });
  return shelf;
}

const Vocabulary* Library::get(Encoding encoding) const {
  return shelf(encoding).vocabulary.get();
}

const Vocabulary* Library::of_model(std::string_view model) const {
  const auto encoding = encoding_of(model);
  return encoding ? get(*encoding) : nullptr;
}

std::string Library::problem(Encoding encoding) const {
  return shelf(encoding).problem;
}

std::string find_directory(const std::string& told, const std::string& binary) {
  if (!told.empty()) return told;
  namespace fs = std::filesystem;
  const auto here = fs::path(binary).parent_path();
  for (const auto& place :
       {here / "tokens", here / ".." / "share" / "troupe" / "tokens", fs::path("/usr/share/troupe/tokens")}) {
    std::error_code none;
    if (fs::is_directory(place, none)) return place.lexically_normal().string();
  }
  return "";
}

std::string installed_directory(const std::string& told) {
  const char* variable = std::getenv("TROUPE_TOKENS");
  std::error_code unknown;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", unknown).string();
  return find_directory(told.empty() && variable != nullptr ? variable : told, binary);
}

}  // namespace troupe::tokens
