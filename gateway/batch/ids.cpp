#include "gateway/batch/ids.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace troupe::batch {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kOrder = 28, kLongest = 512;

bool hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return kDigits.find(c) != kDigits.npos; });
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out += static_cast<char>(kDigits.find(text[i]) * 16 + kDigits.find(text[i + 1]));
  return out;
}

}  // namespace

std::string make_id(Kind kind, std::string_view node, WallTime at, std::uint64_t chance) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
  const auto order = fmt::format("{:012x}{:016x}", since & 0xffff'ffff'ffff, chance);
  return kind == Kind::file ? "file-" + to_hex(node) + "-" + order : "batch_" + to_hex(node) + "_" + order;
}

std::optional<Id> read_id(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  Id out;
  char between = '-';
  if (text.starts_with("file-")) {
    text.remove_prefix(5);
  } else if (text.starts_with("batch_")) {
    out.kind = Kind::batch;
    between = '_';
    text.remove_prefix(6);
  } else {
    return std::nullopt;
  }
  const auto middle = text.find(between);
  if (middle == text.npos || middle == 0 || middle % 2 != 0) return std::nullopt;
  const auto node = text.substr(0, middle), order = text.substr(middle + 1);
  if (order.size() != kOrder || !hexadecimal(node) || !hexadecimal(order)) return std::nullopt;
  out.node = from_hex(node);
  out.order = order;
  return out;
}

std::string line_id(const Id& batch, std::size_t line) {
  return fmt::format("batch_req_{}_{}", batch.order, line);
}

}  // namespace troupe::batch
