#include "config/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>
#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "core/utf8.hpp"

namespace troupe::config {
namespace {

using Kind = YamlNode::Kind;

/// Leaves the parser from inside an event.
struct Refused {
  Problem problem;
};

Problem at(const YAML::Mark& mark, std::string message, std::string hint = {}) {
  return {mark.line + 1, mark.column + 1, {}, std::move(message), std::move(hint)};
}

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const YamlLimits& limits) : limits_(limits) {}

  YamlPtr root() const { return root_; }
  Problems take_problems() { return std::move(problems_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0)
      throw Refused{at(mark, "more than one document", "one file holds one configuration")};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(mark, anchor, Kind::null, {}); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    // A plain `~` or `null` is no text; quoted it is.
    const bool null = tag == "?" && (value == "~" || value == "null");
    leaf(mark, anchor, null ? Kind::null : Kind::scalar, value);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refused{at(mark, "an alias inside its own anchor")};
    place(found->second, mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    std::shared_ptr<YamlNode> node;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    std::optional<YamlEntry> key;  ///< read, its value not yet
  };

  static void check_tag(const YAML::Mark& mark, const std::string& tag) {
    const bool plain = tag.empty() || tag == "?" || tag == "!" || tag.rfind("tag:yaml.org,2002:", 0) == 0;
    if (!plain) throw Refused{at(mark, "YAML tags are not used here", "remove the !tag")};
  }

  static std::shared_ptr<YamlNode> make(const YAML::Mark& mark, Kind kind) {
    auto node = std::make_shared<YamlNode>();
    node->kind = kind;
    node->line = mark.line + 1;
    node->column = mark.column + 1;
    return node;
  }

  void leaf(const YAML::Mark& mark, YAML::anchor_t anchor, Kind kind, const std::string& text) {
    auto node = make(mark, kind);
    node->text = text;
    if (anchor != 0) anchors_[anchor] = node;
    place(node, mark);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Kind kind) {
    check_tag(mark, tag);
    if (stack_.size() >= limits_.depth) throw too_deep(mark);
    stack_.push_back({make(mark, kind), mark, anchor, {}});
  }

  void close() {
    const auto done = std::move(stack_.back());
    stack_.pop_back();
    keys_.erase(done.node.get());
    if (done.anchor != 0) anchors_[done.anchor] = done.node;
    place(done.node, done.mark);
  }

  Refused too_deep(const YAML::Mark& mark) const {
    return {at(mark, fmt::format("nested deeper than {} levels", limits_.depth))};
  }

  void place(const YamlPtr& node, const YAML::Mark& mark) {
    if (stack_.size() + node->depth > limits_.depth + 1) throw too_deep(mark);
    if (stack_.empty()) {
      root_ = node;
      return;
    }
    auto& parent = *stack_.back().node;
    if (parent.kind == Kind::list) {
      parent.items.push_back(node);
    } else if (!place_in_map(stack_.back(), node, mark)) {
      return;
    }
    grow(parent, *node, mark);
  }

  /// True when `node` was a value, false when it was a key.
  bool place_in_map(Open& open, const YamlPtr& node, const YAML::Mark& mark) {
    if (open.key) {
      open.key->value = node;
      open.node->entries.push_back(*std::move(open.key));
      open.key.reset();
      return true;
    }
    if (node->kind != Kind::scalar) throw Refused{at(mark, "a field's name must be plain text")};
    if (const auto* first = find_key(*open.node, node->text)) {
      problems_.push_back(at(mark, fmt::format("\"{}\" appears twice", node->text),
                             fmt::format("the first is in line {}", first->line)));
    }
    keys_[open.node.get()].emplace(node->text, open.node->entries.size());
    open.key = YamlEntry{node->text, mark.line + 1, mark.column + 1, nullptr};
    return false;
  }

  const YamlEntry* find_key(const YamlNode& map, const std::string& key) {
    const auto& known = keys_[&map];
    const auto found = known.find(key);
    return found == known.end() ? nullptr : &map.entries[found->second];
  }

  void grow(YamlNode& parent, const YamlNode& child, const YAML::Mark& mark) {
    parent.nodes += child.nodes;
    parent.depth = std::max(parent.depth, child.depth + 1);
    if (parent.nodes > limits_.nodes)
      throw Refused{at(mark, fmt::format("more than {} values (aliases spelled out)", limits_.nodes))};
  }

  YamlLimits limits_;
  int documents_ = 0;
  YamlPtr root_;
  Problems problems_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, YamlPtr> anchors_;
  std::map<const YamlNode*, std::map<std::string, std::size_t>> keys_;
};

/// Bytes that YAML forbids, and those that would end yaml-cpp's stream early.
std::optional<Problem> bad_bytes(std::string_view text) {
  const auto bad = std::find_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
  });
  const bool control = bad != text.end();
  if (!control && valid_utf8(text)) return std::nullopt;
  const auto upto = text.substr(0, static_cast<std::size_t>(bad - text.begin()));
  const auto line = control ? 1 + static_cast<int>(std::count(upto.begin(), upto.end(), '\n')) : 0;
  const auto start = upto.rfind('\n') == std::string_view::npos ? 0 : upto.rfind('\n') + 1;
  const auto column = control ? static_cast<int>(upto.size() - start) + 1 : 0;
  return Problem{
      line, column, {}, control ? "a control character" : "not UTF-8", "save the file as UTF-8 text"};
}

std::string syntax_hint(std::string_view text, int line) {
  for (int skip = 1; skip < line && text.find('\n') != std::string_view::npos; ++skip)
    text.remove_prefix(text.find('\n') + 1);
  const auto here = text.substr(0, text.find('\n'));
  if (here.find("${") != std::string_view::npos) return "inside { } a ${NAME} must be quoted: \"${NAME}\"";
  if (here.find('\t') != std::string_view::npos) return "indent with spaces, not tabs";
  return {};
}

}  // namespace

const YamlEntry* YamlNode::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const YamlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

YamlTree parse_yaml(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes)
    return {nullptr, {{0, 0, {}, fmt::format("the file is larger than {} bytes", limits.bytes), {}}}};
  if (auto bad = bad_bytes(text)) return {nullptr, {*std::move(bad)}};
  std::istringstream stream{std::string(text)};
  Builder builder(limits);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& refused) {
    return {nullptr, {refused.problem}};
  } catch (const YAML::Exception& error) {
    auto problem = at(error.mark, error.msg, syntax_hint(text, error.mark.line + 1));
    return {nullptr, {std::move(problem)}};
  }
  auto root = builder.root() ? builder.root() : std::make_shared<const YamlNode>();
  return {std::move(root), builder.take_problems()};
}

}  // namespace troupe::config
