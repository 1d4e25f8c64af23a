#include "actors/letter_box.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"

using troupe::actors::LetterBox;

namespace {
std::vector<int> read_all(LetterBox<int>& box) {
  std::vector<int> read;
  box.empty([&](int& n) { read.push_back(n); });
  return read;
}
}  // namespace

TEST_CASE("letters are read in the order in which they were put in, and once") {
  LetterBox<int> box;
  for (int i = 0; i < 5; ++i) box.put(i);
  CHECK(read_all(box) == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(read_all(box).empty());
}

TEST_CASE("only the letter that finds the box empty asks for a reader") {
  LetterBox<int> box;
  CHECK(box.put(1));
  CHECK_FALSE(box.put(2));
  read_all(box);
  CHECK(box.put(3));
}

TEST_CASE("a reader who fails over a letter leaves the ones behind it to the next reader") {
  LetterBox<int> box;
  for (int i = 0; i < 4; ++i) box.put(i);
  CHECK_THROWS(box.empty([](int& n) {
    if (n == 1) throw std::runtime_error("on purpose");
  }));
  box.put(4);
  CHECK(read_all(box) == std::vector<int>{2, 3, 4});
}

TEST_CASE("letters that nobody read are not leaked") {
  LetterBox<std::string> box;
  box.put(std::string(100, 'x'));
}

TEST_CASE("no letter is lost or doubled between two writers and a reader") {
  LetterBox<int> box;
  constexpr int kLetters = 20'000;
  auto write = [&box](int first) {
    for (int i = first; i < first + kLetters; ++i) box.put(i);
  };
  std::thread one(write, 0), two(write, kLetters);
  std::vector<int> read;
  while (read.size() < 2 * kLetters) box.empty([&](int& n) { read.push_back(n); });
  one.join();
  two.join();
  std::sort(read.begin(), read.end());
  CHECK(read.size() == 2 * kLetters);
  CHECK(std::adjacent_find(read.begin(), read.end()) == read.end());
}
