#include "gateway/batch/multipart.hpp"

#include <algorithm>

namespace troupe::batch {
namespace {

constexpr std::size_t kBoundary = 70;  // RFC 2046 section 5.1.1
constexpr std::size_t kPadding = 1024;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// A value up to ';', or a quoted one with \" and \\ undone; `rest` moves behind it.
std::string take_value(std::string_view& rest) {
  std::string out;
  if (!rest.starts_with('"')) {
    const auto end = std::min(rest.find(';'), rest.size());
    out = trimmed(rest.substr(0, end));
    rest.remove_prefix(end);
    return out;
  }
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
    out += rest[i];
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return out;
}

/// The parameter of "kind; name=value; …"; nullopt without it.
std::optional<std::string> parameter(std::string_view text, std::string_view name) {
  auto rest = text.substr(std::min(text.find(';'), text.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    rest = trimmed(rest);
    const auto equals = rest.find_first_of("=;");
    if (equals == rest.npos) return std::nullopt;
    const auto found = trimmed(rest.substr(0, equals));
    if (rest[equals] == ';') {
      rest.remove_prefix(equals);
      continue;
    }
    rest.remove_prefix(equals + 1);
    rest = trimmed(rest);
    auto value = take_value(rest);
    if (same(found, name)) return value;
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return std::nullopt;
}

/// The head's field of that name; "" without it.
std::string_view field(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const auto colon = line.find(':');
    if (colon != line.npos && same(trimmed(line.substr(0, colon)), name))
      return trimmed(line.substr(colon + 1));
  }
  return {};
}

}  // namespace

std::optional<std::string> Multipart::boundary(std::string_view content_type) {
  const auto kind = trimmed(content_type.substr(0, content_type.find(';')));
  if (!same(kind, "multipart/form-data")) return std::nullopt;
  auto out = parameter(content_type, "boundary");
  if (!out || out->empty() || out->size() > kBoundary) return std::nullopt;
  return out;
}

Multipart::State Multipart::feed(std::string_view bytes, FormSink& sink) {
  if (state_ != State::more) return state_;
  pending_.append(bytes);
  while (state_ == State::more && step(sink)) {
  }
  return state_;
}

/// One step ahead; false when more bytes are needed, or it is over.
bool Multipart::step(FormSink& sink) {
  switch (at_) {
    case At::preamble:
    case At::body:
      return find_delimiter(sink);
    case At::delimiter:
      return after_delimiter();
    case At::head:
      return read_head(sink);
    case At::end:
      break;
  }
  return false;
}

bool Multipart::wrong(std::string_view why) {
  state_ = State::failed;
  why_ = why;
  pending_.clear();
  return false;
}

bool Multipart::find_delimiter(FormSink& sink) {
  const auto found = pending_.find(delimiter_);
  const bool here = found != std::string::npos;
  // Without it, all but what may be its beginning is data.
  const auto keep = std::min(delimiter_.size() - 1, pending_.size());
  const auto count = here ? found : pending_.size() - keep;
  if (at_ == At::body && count > 0) sink.data(std::string_view(pending_).substr(0, count));
  pending_.erase(0, here ? found + delimiter_.size() : count);
  if (!here) return false;
  if (at_ == At::body) sink.part_end();
  at_ = At::delimiter;
  return true;
}

bool Multipart::after_delimiter() {
  if (pending_.size() < 2) return false;
  if (pending_.starts_with("--")) {
    at_ = At::end;
    state_ = State::done;
    pending_.clear();
    return false;
  }
  const auto end = pending_.find("\r\n");
  if (end == std::string::npos)
    return pending_.size() > kPadding ? wrong("a boundary is followed by something else than a line's end")
                                      : false;
  if (!trimmed(std::string_view(pending_).substr(0, end)).empty())
    return wrong("a boundary is followed by something else than a line's end");
  pending_.erase(0, end);  // the line's end stays: a head without fields is found, and refused
  at_ = At::head;
  if (++parts_ > kParts) return wrong("the form has too many parts");
  return true;
}

bool Multipart::read_head(FormSink& sink) {
  const auto end = pending_.find("\r\n\r\n");
  if (end == std::string::npos || end > kHead)
    return pending_.size() > kHead ? wrong("a part's head is too long") : false;
  const auto head = std::string_view(pending_).substr(0, end);
  const auto disposition = field(head, "content-disposition");
  auto name = parameter(disposition, "name");
  if (!same(trimmed(disposition.substr(0, disposition.find(';'))), "form-data") || !name)
    return wrong("a part has no content-disposition: form-data with a name");
  const PartHead part{std::move(*name), parameter(disposition, "filename")};
  pending_.erase(0, end + 4);
  sink.part(part);
  at_ = At::body;
  return true;
}

}  // namespace troupe::batch
