#include <array>
#include <utility>

#include "gateway/dialects/gemini/encode.hpp"

namespace troupe::dialects::gemini {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// The MIME type that this dialect always wants: by what base64 begins with, by a name's end, by the kind.
std::string_view guess_type(const Media& media) {
  constexpr std::array<Pair, 5> kHeads{{{"iVBOR", "image/png"},
                                        {"/9j/", "image/jpeg"},
                                        {"R0lGOD", "image/gif"},
                                        {"UklGR", "image/webp"},
                                        {"JVBER", "application/pdf"}}};
  constexpr std::array<Pair, 10> kEnds{{{".png", "image/png"},
                                        {".gif", "image/gif"},
                                        {".webp", "image/webp"},
                                        {".heic", "image/heic"},
                                        {".pdf", "application/pdf"},
                                        {".txt", "text/plain"},
                                        {".mp4", "video/mp4"},
                                        {".mp3", "audio/mp3"},
                                        {".wav", "audio/wav"},
                                        {".jpg", "image/jpeg"}}};
  if (media.kind != Media::Kind::audio) {
    for (const auto& [head, type] : kHeads) {
      if (media.data.starts_with(head)) return type;
    }
  }
  const auto url = std::string_view(media.url).substr(0, media.url.find_first_of("?#"));
  for (const auto& [end, type] : kEnds) {
    if (url.ends_with(end) || media.name.ends_with(end)) return type;
  }
  switch (media.kind) {
    case Media::Kind::document:
      return "application/pdf";
    case Media::Kind::audio:
      return "audio/wav";
    case Media::Kind::video:
      return "video/mp4";
    case Media::Kind::image:
      break;
  }
  return "image/jpeg";
}

}  // namespace

Result<Ordered> encode_media(const Media& media, const std::string& where, bool native) {
  if (!media.text.empty())
    return Ordered{{"text", media.name.empty() ? media.text : media.name + "\n\n" + media.text}};
  const bool silent = media.type.empty() && !native;
  const auto type = silent ? std::string(guess_type(media)) : media.type;
  Ordered data = Ordered::object();
  if (!type.empty()) data["mimeType"] = type;
  if (native && !media.name.empty()) data["displayName"] = media.name;
  Ordered out = Ordered::object();
  if (!media.data.empty()) {
    data["data"] = media.data;
    out["inlineData"] = std::move(data);
  } else if (!media.url.empty()) {
    data["fileUri"] = media.url;
    out["fileData"] = std::move(data);
  } else {
    return unsupported(where, media.file_id.empty() ? "expected base64 data or a URL"
                                                    : "files of other providers are not known to Google");
  }
  if (native && media.more.is_object()) out.update(Ordered(media.more));
  return out;
}

}  // namespace troupe::dialects::gemini
