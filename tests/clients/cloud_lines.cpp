// A line of JSON in, a line of JSON out: lets the JavaScript tests put our signer and our event streams
// beside AWS' own. Bytes are hexadecimal text.
#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/cloud/event_stream.hpp"
#include "gateway/cloud/sigv4.hpp"

namespace {

using namespace troupe::cloud;
using Json = nlohmann::json;

std::string to_hex(std::string_view bytes) {
  return hex({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

std::string from_hex(const std::string& text) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + 2, value, 16);
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

Json sign(const Json& ask) {
  const AwsKey key{ask.at("id"), Secret(ask.at("secret")), Secret(ask.value("token", ""))};
  const std::string method = ask.at("method"), host = ask.at("host"), target = ask.at("target"),
                    body = ask.at("body");
  SignedCall call{method, host, target, body};
  for (const auto& [name, value] : ask.at("headers").items())
    call.headers.emplace_back(name, value.get_ref<const std::string&>());
  Signer signer(ask.at("region"), ask.at("service"));
  const troupe::WallTime when{std::chrono::milliseconds(ask.at("when").get<std::int64_t>())};
  return {{"lines", signer.lines(call, key, when)}};
}

/// Type and value as EventStreamCodec names them; long integers as text.
struct Describe {
  Json operator()(bool value) const { return {{"type", "boolean"}, {"value", value}}; }
  Json operator()(std::int8_t value) const { return {{"type", "byte"}, {"value", value}}; }
  Json operator()(std::int16_t value) const { return {{"type", "short"}, {"value", value}}; }
  Json operator()(std::int32_t value) const { return {{"type", "integer"}, {"value", value}}; }
  Json operator()(std::int64_t value) const {
    return {{"type", "long"}, {"value", fmt::format("{}", value)}};
  }
  Json operator()(const Blob& value) const { return {{"type", "binary"}, {"value", to_hex(value.bytes)}}; }
  Json operator()(const std::string& value) const { return {{"type", "string"}, {"value", value}}; }
  Json operator()(EventTime value) const { return {{"type", "timestamp"}, {"value", value.millis}}; }
  Json operator()(const Uuid& value) const {
    return {{"type", "uuid"}, {"value", to_hex({value.bytes.data(), value.bytes.size()})}};
  }
};

EventValue parse_value(const Json& from) {
  const std::string type = from.at("type");
  const auto& value = from.at("value");
  if (type == "boolean") return value.get<bool>();
  if (type == "byte") return value.get<std::int8_t>();
  if (type == "short") return value.get<std::int16_t>();
  if (type == "integer") return value.get<std::int32_t>();
  if (type == "long") return std::int64_t{std::stoll(value.get<std::string>())};
  if (type == "binary") return Blob{from_hex(value)};
  if (type == "timestamp") return EventTime{value.get<std::int64_t>()};
  if (type == "string") return value.get<std::string>();
  Uuid uuid;
  std::ranges::copy(from_hex(value).substr(0, uuid.bytes.size()), uuid.bytes.begin());
  return uuid;
}

Json decode(const Json& ask) {
  const auto bytes = from_hex(ask.at("bytes"));
  const std::size_t piece = ask.at("piece");
  auto frames = Json::array();
  EventStreamDecoder decoder;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    decoder.push(std::string_view(bytes).substr(at, piece));
    while (const auto frame = decoder.next()) {
      auto headers = Json::object();
      const auto read = read_event_headers(frame->headers);
      for (const auto& header : read.value()) headers[header.name] = std::visit(Describe{}, header.value);
      frames.push_back({{"headers", std::move(headers)}, {"payload", to_hex(frame->payload)}});
    }
  }
  return {{"frames", std::move(frames)}, {"at_boundary", decoder.at_boundary()}};
}

Json encode(const Json& ask) {
  std::vector<EventHeader> headers;
  for (const auto& [name, value] : ask.at("headers").items()) headers.push_back({name, parse_value(value)});
  return {{"bytes", to_hex(encode_event_frame(headers, from_hex(ask.at("payload"))))}};
}

Json answer(const Json& ask) {
  const std::string what = ask.at("do");
  return what == "sign" ? sign(ask) : what == "decode" ? decode(ask) : encode(ask);
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) std::cout << answer(Json::parse(line)).dump() << "\n";
}
