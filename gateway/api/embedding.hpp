#pragma once
// A text as a vector, by a configured provider's model: an ordinary call under that provider's limits.
#include <boost/asio/awaitable.hpp>
#include <string>

#include "gateway/api/worker.hpp"
#include "gateway/http/wakeup.hpp"
#include "gateway/semantic/lexical.hpp"

namespace troupe::api {

/// Borrows the waiting of its session; lives in its coroutine.
class Embedding {
 public:
  /// `model` is "provider/model" or an alias.
  Embedding(Worker& worker, http::Wakeup& wake, std::string model, std::string text)
      : worker_(worker), wake_(wake), model_(std::move(model)), text_(std::move(text)) {}

  /// Of unit length; empty when there is no capacity, no answer by then, or no vector in it.
  boost::asio::awaitable<semantic::Vector> get(Time until);

 private:
  Worker& worker_;
  http::Wakeup& wake_;
  const std::string model_, text_;
};

/// The first vector of an answer in OpenAI's shape, of unit length; empty where there is none.
semantic::Vector read_embedding(std::string_view body);

}  // namespace troupe::api
