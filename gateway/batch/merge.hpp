#pragma once
// Lists of things that several nodes keep, page by page, in the order of their names.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/batch/objects.hpp"

namespace troupe::batch {

/// How a list is asked for.
struct PageAsk {
  std::string after;  ///< the last name of the page before; "" from the beginning
  std::size_t limit = 20;
  bool ascending = false;  ///< oldest first
};

struct Page {
  std::vector<Json> data;  ///< objects with an "id"
  bool has_more = false;
};

/// Whether `a` comes before `b` in a list. By when they were made; names that are none come last.
bool comes_before(std::string_view a, std::string_view b, bool ascending);

/// One page of all things: those behind `after`, at most `limit`.
Page page_of(std::vector<Json> all, const PageAsk& ask);

/// One page of several nodes' pages of the same question. What comes behind the end of a page that has more
/// is left for the next: another node's next ones would belong before it.
Page merge(const std::vector<Page>& pages, const PageAsk& ask);

/// {"object":"list","data":[…],"first_id","last_id","has_more"}
Json shown(const Page& page);

}  // namespace troupe::batch
