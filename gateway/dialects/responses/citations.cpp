#include "gateway/dialects/responses/citations.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>

#include "core/log.hpp"

namespace troupe::dialects::responses {
namespace {

constexpr std::size_t kStep = 256;

/// The byte after the character at `at`.
std::size_t next(std::string_view text, std::size_t at) {
  do ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

void append_quote(std::string& out, const Citation& citation) {
  if (citation.quote.empty()) return;
  out += R"(,"quote":)";
  log::append_json_string(out, citation.quote);
}

}  // namespace

void Ruler::extend(std::string_view text) {
  while (true) {
    std::size_t at = marks_.back(), count = 0;
    while (count < kStep && at < text.size()) {
      at = next(text, at);
      ++count;
    }
    if (count < kStep || at >= text.size()) return;
    marks_.push_back(at);
  }
}

std::int64_t Ruler::chars(std::string_view text, std::int64_t bytes) {
  extend(text);
  const auto goal = std::min(static_cast<std::size_t>(std::max<std::int64_t>(0, bytes)), text.size());
  const auto mark = std::upper_bound(marks_.begin(), marks_.end(), goal) - 1;
  auto count = static_cast<std::int64_t>(kStep) * (mark - marks_.begin());
  for (auto at = *mark; at < goal; at = next(text, at)) ++count;
  return count;
}

std::int64_t Ruler::bytes(std::string_view text, std::int64_t chars) {
  extend(text);
  const auto goal = static_cast<std::size_t>(std::max<std::int64_t>(0, chars));
  const auto mark = std::min(goal / kStep, marks_.size() - 1);
  auto at = marks_[mark];
  for (auto count = mark * kStep; count < goal && at < text.size(); ++count) at = next(text, at);
  return static_cast<std::int64_t>(at);
}

void append_annotation(std::string& out, const Citation& citation, const Place& place, Ruler& ruler) {
  if (citation.origin == Dialect::responses && citation.raw.is_object()) {
    out += dump(citation.raw);
    return;
  }
  const auto end = ruler.chars(place.text, citation.end - place.before);
  if (citation.url.empty()) {
    out += R"({"type":"file_citation","file_id":"","filename":)";
    log::append_json_string(out, citation.title);
    fmt::format_to(std::back_inserter(out), R"(,"index":{})", end);
  } else {
    const auto start = ruler.chars(place.text, citation.start - place.before);
    fmt::format_to(std::back_inserter(out),
                   R"({{"type":"url_citation","start_index":{},"end_index":{},"url":)", start, end);
    log::append_json_string(out, citation.url);
    out += R"(,"title":)";
    log::append_json_string(out, citation.title);
  }
  append_quote(out, citation);
  out += '}';
}

Citation read_annotation(const Json& from, const Place& place, Ruler& ruler) {
  Citation out;
  out.origin = Dialect::responses;
  out.quote = text(from, "quote");
  if (text(from, "type") != "url_citation") {
    out.title = text(from, "filename");
    out.raw = from;
    return out;
  }
  out.url = text(from, "url");
  out.title = text(from, "title");
  const auto start = whole(from, "start_index").value_or(0);
  const auto end = whole(from, "end_index").value_or(0);
  if (start < 0 || end <= 0) return out;  // not known
  out.start = place.before + ruler.bytes(place.text, start);
  out.end = place.before + ruler.bytes(place.text, end);
  return out;
}

}  // namespace troupe::dialects::responses
