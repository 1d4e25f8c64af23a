#pragma once
// One answer, told in one GenerateContentResponse or in many. For the .cpp files of this room.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "gateway/dialects/document.hpp"
#include "gateway/dialects/events.hpp"

namespace troupe::dialects::gemini {

/// Tells a sink what chunks mean. Any chunk may name a reason to finish, and more may follow it; so the end
/// is told when the caller says that there are no more.
class ChunkReader {
 public:
  /// False: this is no chunk, and nothing was told.
  bool take(const doc::object& chunk, EventSink& out);
  /// Some chunk said why the answer ends, or why there is none.
  bool finished() const { return !word_.empty(); }
  bool begun() const { return begun_; }
  /// Tells what waits, the finish and the end.
  void complete(EventSink& out);
  const std::string& service_tier() const { return tier_; }

 private:
  void take_feedback(const doc::object& feedback);
  void take_candidate(const doc::object& candidate, EventSink& out);
  void take_part(const doc::object& part, EventSink& out);
  void take_text(std::string_view text, bool thought, std::string_view seal, EventSink& out);
  void take_call(const doc::object& call, std::string_view seal, EventSink& out);
  void begin_call(const doc::object& call, std::string_view seal, EventSink& out);
  void take_partial(const doc::object& call, EventSink& out);
  void take_grounding(const doc::object& metadata, EventSink& out);
  void take_sources(const doc::object& candidate, EventSink& out);
  void cite(const Citation& citation, EventSink& out);
  void settle(EventSink& out);

  std::string id_, word_, detail_, tier_;
  std::string seal_;  ///< of the text before it; waits for the citations that rest on that text
  Json partial_;      ///< arguments of a call that is still being told; else null
  std::size_t calls_ = 0;
  std::set<std::tuple<std::string, std::int64_t, std::int64_t>> cited_;  ///< chunks repeat their sources
  bool begun_ = false, blocked_ = false;
};

}  // namespace troupe::dialects::gemini
