#include "gateway/dialects/converse/formats.hpp"

#include <algorithm>
#include <array>

namespace troupe::dialects::converse {
namespace {

using Kind = Media::Kind;

struct Known {
  Kind kind;
  std::string_view format, type;
};
/// The first type of a format is the one that a decoder says.
constexpr std::array<Known, 28> kKnown{{
    {Kind::image, "png", "image/png"},
    {Kind::image, "jpeg", "image/jpeg"},
    {Kind::image, "jpeg", "image/jpg"},
    {Kind::image, "gif", "image/gif"},
    {Kind::image, "webp", "image/webp"},
    {Kind::document, "pdf", "application/pdf"},
    {Kind::document, "csv", "text/csv"},
    {Kind::document, "doc", "application/msword"},
    {Kind::document, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {Kind::document, "xls", "application/vnd.ms-excel"},
    {Kind::document, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {Kind::document, "html", "text/html"},
    {Kind::document, "txt", "text/plain"},
    {Kind::document, "md", "text/markdown"},
    {Kind::document, "md", "text/x-markdown"},
    {Kind::document, "csv", "application/csv"},
    {Kind::video, "mp4", "video/mp4"},
    {Kind::video, "mov", "video/quicktime"},
    {Kind::video, "mkv", "video/x-matroska"},
    {Kind::video, "mkv", "video/matroska"},
    {Kind::video, "webm", "video/webm"},
    {Kind::video, "flv", "video/x-flv"},
    {Kind::video, "mpeg", "video/mpeg"},
    {Kind::video, "mpg", "video/mpg"},
    {Kind::video, "wmv", "video/x-ms-wmv"},
    {Kind::video, "three_gp", "video/3gpp"},
    {Kind::video, "mov", "video/mov"},
    {Kind::video, "flv", "video/flv"},
}};

struct Head {
  std::string_view base64, format;
};
constexpr std::array<Head, 5> kHeads{{
    {"iVBOR", "png"},
    {"/9j/", "jpeg"},
    {"R0lGOD", "gif"},
    {"UklGR", "webp"},
    {"JVBER", "pdf"},
}};

std::string_view head_of(Kind kind) {
  return kind == Kind::image ? "image/" : kind == Kind::video ? "video/" : "document/";
}

std::string_view known_format(Kind kind, std::string_view format) {
  for (const auto& one : kKnown) {
    if (one.kind == kind && one.format == format) return one.format;
  }
  return "";
}

std::string_view guess(const Media& media) {
  for (const auto& [head, format] : kHeads) {
    if (std::string_view(media.data).starts_with(head)) return known_format(media.kind, format);
  }
  const std::string_view file = media.name.empty() ? media.url : media.name;
  const auto dot = file.rfind('.');
  const auto found = dot == file.npos ? "" : known_format(media.kind, file.substr(dot + 1));
  return found.empty() && !media.text.empty() ? "txt" : found;
}

}  // namespace

std::string_view format_of(const Media& media) {
  const auto type = std::string_view(media.type).substr(0, media.type.find(';'));
  if (type.empty()) return guess(media);
  for (const auto& one : kKnown) {
    if (one.kind == media.kind && one.type == type) return one.format;
  }
  if (media.kind == Kind::document && type.starts_with("text/")) return "txt";
  const auto head = head_of(media.kind);
  return type.starts_with(head) ? type.substr(head.size()) : "";
}

bool is_format(Media::Kind kind, std::string_view format) {
  return !known_format(kind, format).empty();
}

std::string type_of(Kind kind, std::string_view format) {
  for (const auto& one : kKnown) {
    if (one.kind == kind && one.format == format) return std::string(one.type);
  }
  return std::string(head_of(kind)).append(format);
}

std::string safe_name(std::string_view name) {
  constexpr std::size_t kLongest = 200;
  const auto dot = name.rfind('.');
  if (dot != name.npos && dot > 0 && name.size() - dot <= 6) name = name.substr(0, dot);
  std::string out;
  for (const char c : name.substr(0, std::min(name.size(), kLongest))) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const bool fits = word || std::string_view("-()[]").find(c) != std::string_view::npos;
    if (fits) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out.empty() ? "document" : out;
}

}  // namespace troupe::dialects::converse
