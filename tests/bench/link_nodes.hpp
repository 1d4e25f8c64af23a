#pragma once
// Real nodes of the link on threads of their own, for measurements: real time, real certificates.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "cluster/link/certs.hpp"
#include "cluster/link/link.hpp"
#include "tests/support/folder.hpp"

namespace troupe::bench {

/// Ends the program with the error's words.
template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// A directory with an authority; it goes with the program.
class Papers {
 public:
  Papers() { must(link::make_ca(folder_.path(), {real_clock().wall()})); }

  link::TlsFiles of(const std::string& name) const {
    const auto file = [&](const char* end) { return (folder_ / (name + end)).string(); };
    if (!std::filesystem::exists(file(".pem")))
      must(link::make_node_cert(folder_.path(), name, {real_clock().wall()}));
    return {file(".pem"), file(".key"), (folder_ / "ca.pem").string()};
  }

 private:
  testing::Folder folder_;
};

/// A node on its own thread, until destroyed.
class Node {
 public:
  Node(const Papers& papers, const std::string& name, link::Callbacks callbacks) {
    link::Settings settings;
    settings.cluster = "bench";
    settings.node = name;
    settings.incarnation = 1;
    settings.listen = "127.0.0.1:0";
    settings.tls = papers.of(name);
    link_ =
        must(link::Link::start(io_, settings, std::move(callbacks), real_clock(), Random(entropy_seed())));
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Node() {
    link_->stop();
    alive_.reset();
    thread_.join();
    link_.reset();
  }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  link::Link& link() { return *link_; }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> alive_{io_.get_executor()};
  std::unique_ptr<link::Link> link_;
  std::thread thread_;
};

}  // namespace troupe::bench
