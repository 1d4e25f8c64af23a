#pragma once
// Where a question about files and batches is answered: here, on the node that keeps the thing, or by all.
#include <functional>
#include <string>
#include <vector>

#include "gateway/batch/service.hpp"

namespace troupe::batch {

class Front {
 public:
  struct NodeAnswer {
    std::string node;
    int status = 0;  ///< 0: nothing came in time
    std::string text;
  };
  using Reply = std::function<void(int status, std::string text)>;
  struct Options {
    std::string node;
    Service* service = nullptr;  ///< nullptr: this node keeps nothing, and refuses with words
    /// In a cluster: the other members, and how to ask them. Any thread; `done` once, on any.
    std::function<std::vector<std::string>()> others = {};
    std::function<void(std::vector<std::string> nodes, std::string text,
                       std::function<void(std::vector<NodeAnswer>)> done)>
        ask = {};
  };
  explicit Front(Options options) : options_(std::move(options)) {}

  /// Any thread; `done` once, on any.
  void ask(Question question, Service::Answered done) const;
  /// What another node asks here.
  void serve(const std::string& text, Reply reply) const;
  /// For uploads, which stay on the node that takes them; nullptr: none here.
  Service* service() const { return options_.service; }

 private:
  void ask_owner(Question question, const std::string& owner, Service::Answered done) const;
  void ask_all(Question question, Service::Answered done) const;

  const Options options_;
};

/// The answer of a node that keeps nothing.
Answer nothing_kept();

/// The pages of all nodes as one answer; those of nodes that gave none are left out.
Answer merged(const std::vector<Front::NodeAnswer>& answers, const PageAsk& ask);

}  // namespace troupe::batch
