#pragma once
// One picture of `troupe top`. Pure: documents and a size in, text out.
#include <string>

#include "app/cli/node.hpp"

namespace troupe::cli {

enum class Pane : unsigned char { keys, providers, actors, requests };

struct TopView {
  Pane pane = Pane::keys;
  std::size_t sort = 0;  ///< into kSorts, for actors
  std::size_t rows = 24, columns = 80;
  bool color = false;
};

inline constexpr const char* kSorts[] = {"busy_pct", "messages", "mailbox", "name"};

/// What the panes are drawn from; any of them may be null.
struct TopData {
  Json overview;        ///< GET /overview
  Json version;         ///< GET /version, drawn where the node has no /overview
  Json pane;            ///< GET /keys, /providers, /actors or /requests
  std::string trouble;  ///< why there is nothing newer
};

/// Where the pane's document is.
std::string pane_target(const TopView& view);

/// At most `rows` lines of at most `columns` columns, without cursor movement.
std::string top_frame(const TopData& data, const TopView& view);

/// What a pressed key changes; false for quit.
bool press(TopView& view, char key);

}  // namespace troupe::cli
