// The frames that AWS really sent. Skipped where the recordings are absent.
#include <openssl/evp.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gateway/cloud/event_stream.hpp"
#include "tests/support/catch.hpp"

namespace troupe::cloud {
namespace {

std::filesystem::path fixtures() {
  if (const char* place = std::getenv("TROUPE_FIXTURES")) return place;
  const char* root = std::getenv("TROUPE_SOURCE_DIR");
  return std::filesystem::path(root == nullptr ? "." : root) / ".." / "shared" / "fixtures";
}

std::string from_base64(const std::string& text) {
  std::string bytes(3 * (text.size() / 4) + 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  REQUIRE(size >= 0);
  const auto padding = text.size() - std::min(text.find('='), text.size());
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

struct Recording {
  std::string file, bytes;
  std::size_t frames = 0;  ///< as the recorder counted them
};

std::vector<Recording> recordings() {
  std::vector<Recording> all;
  const auto folder = fixtures() / "recorded" / "bedrock";
  if (!std::filesystem::is_directory(folder)) return all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream stream(entry.path());
    const auto file = nlohmann::json::parse(stream);
    for (const auto& exchange : file["exchanges"]) {
      const auto& response = exchange["response"];
      const auto type = response["headers"].value("content-type", "");
      if (type != "application/vnd.amazon.eventstream" || !response.contains("body_base64")) continue;
      all.push_back({entry.path().filename(), from_base64(response["body_base64"]),
                     response.value("eventstream_frames", std::size_t{0})});
    }
  }
  return all;
}

/// The frames again, as they were read.
struct Copied {
  std::string bytes;
  std::size_t frames = 0;
  bool clean = false;
};

Copied copy(const std::string& bytes, std::size_t piece) {
  EventStreamDecoder decoder;
  Copied out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    decoder.push(std::string_view(bytes).substr(at, piece));
    while (const auto frame = decoder.next()) {
      CHECK(frame->message_type == "event");
      CHECK_FALSE(frame->type.empty());
      CHECK(nlohmann::json::accept(frame->payload));
      out.bytes += encode_event_frame(read_event_headers(frame->headers).value(), frame->payload);
      ++out.frames;
    }
  }
  out.clean = decoder.at_boundary();
  return out;
}

}  // namespace

TEST_CASE("recorded event streams are read whole at every byte boundary and written back byte for byte") {
  const auto all = recordings();
  if (all.empty()) WARN("skipped: no recordings under " << fixtures());
  for (const auto& recording : all) {
    INFO(recording.file);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, recording.bytes.size()}) {
      const auto copied = copy(recording.bytes, piece);
      CHECK(copied.clean);
      CHECK(copied.bytes == recording.bytes);
      if (recording.frames > 0) CHECK(copied.frames == recording.frames);
    }
  }
}

}  // namespace troupe::cloud
