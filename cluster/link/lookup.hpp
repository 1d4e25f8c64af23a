#pragma once
// Host names without a shared line: a name service that does not answer for one peer delays no other.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace troupe::link {

using Addresses = std::vector<boost::asio::ip::tcp::endpoint>;

/// One name being looked up, by the system's resolver on a thread of its own (it may take minutes and cannot
/// be called off). Asio's own resolver asks one after the other.
class Lookup {
 public:
  /// `why` is empty when addresses were found.
  using Done = std::function<void(std::string why, Addresses found)>;

  /// `done` is posted to `executor` once, unless cancel() came first.
  static std::shared_ptr<Lookup> start(boost::asio::any_io_executor executor, const std::string& host,
                                       const std::string& port, Done done);
  /// Takes over a lookup whose first asker was cancelled. False when it has ended already.
  bool adopt(Done done);
  /// `done` will not be called; the thread ends by itself and touches nothing of ours.
  void cancel();

 private:
  struct Shared;
  explicit Lookup(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  std::shared_ptr<Shared> shared_;
};

}  // namespace troupe::link
