#include "gateway/dialects/responses/citations.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>

#include "core/log.hpp"

namespace troupe::dialects::responses {
namespace {

void append_quote(std::string& out, const Citation& citation) {
  if (citation.quote.empty()) return;
  out += R"(,"quote":)";
  log::append_json_string(out, citation.quote);
}

}  // namespace

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
