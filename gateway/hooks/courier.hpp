#pragma once
// Posts notices to their webhooks, one at a time per notice, again until somebody hears.
#include <functional>
#include <memory>
#include <vector>

#include "gateway/hooks/notice.hpp"
#include "gateway/keeper/fetch.hpp"

namespace troupe::hooks {

/// Stays on its thread; abandons what is under way when it ends.
class Courier {
 public:
  static constexpr std::size_t kMost = 1'000;  ///< under way; more are dropped, and said again later

  /// `heard` is called once for each notice that was answered with a 2xx, or that has no webhook.
  Courier(http::Pool& pool, const Clock& clock, keeper::Route route,
          std::function<void(const Notice&)> heard);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  /// Logs it in any case. One with the id of one that is under way is left out.
  void tell(Notice notice);
  /// Tries again what is due. Call about once a second.
  void look(Time now);
  std::size_t under_way() const { return letters_.size(); }

 private:
  struct Letter;
  void send(Letter& letter);
  void ended(Letter& letter, const Result<cloud::Reply>& result);

  http::Pool& pool_;
  const Clock& clock_;
  const keeper::Route route_;
  const std::function<void(const Notice&)> heard_;
  std::vector<std::unique_ptr<Letter>> letters_;
};

}  // namespace troupe::hooks
