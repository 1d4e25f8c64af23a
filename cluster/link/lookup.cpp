#include "cluster/link/lookup.hpp"

#include <netdb.h>

#include <boost/asio/post.hpp>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>

namespace troupe::link {

struct Lookup::Shared {
  std::mutex lock;
  boost::asio::any_io_executor executor;
  Done done;
  bool ended = false;

  void finish(std::string why, Addresses found) {
    const std::lock_guard held(lock);
    ended = true;
    if (done) {
      boost::asio::post(executor,
                        [call = std::move(done), why = std::move(why), found = std::move(found)]() mutable {
                          call(std::move(why), std::move(found));
                        });
    }
    done = nullptr;
    executor = {};
  }
};

namespace {

Addresses read_list(const addrinfo* list) {
  Addresses out;
  for (const auto* a = list; a != nullptr; a = a->ai_next) {
    boost::asio::ip::tcp::endpoint end;
    if (a->ai_addrlen > end.capacity()) continue;
    std::memcpy(end.data(), a->ai_addr, a->ai_addrlen);
    end.resize(a->ai_addrlen);
    out.push_back(end);
  }
  return out;
}

}  // namespace

std::shared_ptr<Lookup> Lookup::start(boost::asio::any_io_executor executor, const std::string& host,
                                      const std::string& port, Done done) {
  auto shared = std::make_shared<Shared>();
  shared->executor = std::move(executor);
  shared->done = std::move(done);
  try {
    std::thread([shared, host, port] {
      addrinfo hints{}, *list = nullptr;
      hints.ai_socktype = SOCK_STREAM;
      const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
      auto found = read_list(list);
      if (list != nullptr) ::freeaddrinfo(list);
      shared->finish(error != 0 ? ::gai_strerror(error) : "", std::move(found));
    }).detach();
  } catch (const std::system_error&) {
    shared->finish("no thread for it", {});
  }
  return std::shared_ptr<Lookup>(new Lookup(std::move(shared)));
}

bool Lookup::adopt(Done done) {
  const std::lock_guard held(shared_->lock);
  if (shared_->ended) return false;
  shared_->done = std::move(done);
  return true;
}

void Lookup::cancel() {
  const std::lock_guard held(shared_->lock);
  shared_->done = nullptr;
}

}  // namespace troupe::link
