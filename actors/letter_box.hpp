#pragma once
// Letters that outlive their reader: what a crashed actor must not lose. Internal to actors/.
#include <atomic>
#include <memory>
#include <utility>

namespace troupe::actors {

/// Many writers, one reader, no lock; letters are read in the order in which they were put in. (A mailbox
/// would not do: CAF drops what is sent to a dead actor.) Unbounded by itself: its writers hold a permit
/// each.
template <class Letter>
class LetterBox {
 public:
  LetterBox() = default;
  ~LetterBox() {
    empty([](Letter&) {});
  }
  LetterBox(const LetterBox&) = delete;
  LetterBox& operator=(const LetterBox&) = delete;

  /// True when the box was empty: the reader should be told.
  bool put(Letter letter) {
    auto* node = new Node{std::move(letter), top_.load(std::memory_order_relaxed)};
    while (!top_.compare_exchange_weak(node->next, node, std::memory_order_seq_cst)) {
    }
    return node->next == nullptr;
  }

  /// Reads everything, oldest first. A letter whose `read` throws is gone; the ones after it stay.
  template <class Read>
  void empty(Read&& read) {
    fetch();
    while (auto* node = unread_) {
      std::unique_ptr<Node> own(node);
      unread_ = node->next;
      read(own->letter);
    }
  }

 private:
  struct Node {
    Letter letter;
    Node* next;
  };

  // Behind what an earlier reader left unread.
  void fetch() {
    Node* older = nullptr;
    auto** tail = &unread_;
    while (*tail) tail = &(*tail)->next;
    for (auto* node = top_.exchange(nullptr, std::memory_order_seq_cst); node;) {
      auto* next = std::exchange(node->next, older);
      older = std::exchange(node, next);
    }
    *tail = older;
  }

  std::atomic<Node*> top_{nullptr};
  Node* unread_ = nullptr;
};

}  // namespace troupe::actors
