// SPDX-License-Identifier: Apache-2.0
#include "http/login.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace weir {

namespace {

constexpr std::size_t kRemembered = 256;  // of the right ones, and of the wrong ones
constexpr int kMostWaiting = 2;           // one at work, one behind it
constexpr int kHighestCost = 16;          // some seconds; beyond it a login would be a stall
constexpr std::size_t kHashBytes = 60;

/// The cost of a bcrypt hash that crypt() knows: `$2y$10$` and 53 characters. 0: it is none.
int cost_of(std::string_view hash) {
  if (hash.size() != kHashBytes || !hash.starts_with("$2") || hash[3] != '$' || hash[6] != '$') return 0;
  if (hash[2] != 'a' && hash[2] != 'b' && hash[2] != 'y') return 0;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!is_digit(hash[4]) || !is_digit(hash[5])) return 0;
  const bool rest = std::all_of(hash.begin() + 7, hash.end(), [&](char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '/';
  });
  return rest ? (hash[4] - '0') * 10 + (hash[5] - '0') : 0;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool bcrypt_matches(const std::string& password, const std::string& hash) {
  const auto data = std::make_unique<crypt_data>();  // 32 KiB, which crypt_r wants zeroed
  const char* const made = crypt_r(password.c_str(), hash.c_str(), data.get());
  return made != nullptr && made[0] != '*' && same(made, hash);
}

int sextet_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

struct Credentials {
  std::string name;
  std::string password;
};

std::optional<Credentials> credentials_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "basic ";
  if (authorization.size() < kScheme.size()) return std::nullopt;
  const bool basic = std::equal(kScheme.begin(), kScheme.end(), authorization.begin(), [](char want, char c) {
    return want == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  });
  if (!basic) return std::nullopt;
  const std::optional<std::string> text = decode_base64(authorization.substr(kScheme.size()));
  if (!text) return std::nullopt;
  const std::size_t colon = text->find(':');
  // A password ends at a NUL for crypt(): `x\0y` must not stand for `x`.
  if (colon == std::string::npos || text->find('\0') != std::string::npos) return std::nullopt;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string out;
  unsigned bits = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const int sextet = sextet_of(text[i]);
    if (sextet < 0) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(sextet);
    if (i % 4 != 0) out += static_cast<char>(bits >> (6 - 2 * (i % 4)) & 0xFF);
  }
  return out;
}

Result<Login> Login::make(std::map<std::string, std::string> users) {
  for (const auto& [name, hash] : users) {
    const int cost = cost_of(hash);
    if (cost < 4) return Error{.message = "the password of user `" + name + "` is no bcrypt hash"};
    if (cost > kHighestCost) {
      return Error{.message = "the bcrypt hash of user `" + name + "` costs " + std::to_string(cost) + ", more than " +
                              std::to_string(kHighestCost)};
    }
  }
  Login login(std::move(users));
  unsigned char salt[32];
  if (RAND_bytes(salt, sizeof salt) != 1) return Error{.message = "the system has no random bytes"};
  login.salt_.assign(reinterpret_cast<const char*>(salt), sizeof salt);
  return login;
}

Login::Login(std::map<std::string, std::string> users) : users_(std::move(users)) {
  for (const auto& [name, hash] : users_) {
    if (decoy_.empty() || cost_of(hash) > cost_of(decoy_)) decoy_ = hash;
  }
}

Login::Login(Login&& other) noexcept
    : users_(std::move(other.users_)), decoy_(std::move(other.decoy_)), salt_(std::move(other.salt_)) {}

std::string Login::key_of(const std::string& name, const std::string& password) const {
  const std::string text = std::to_string(name.size()) + ":" + name + password;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), salt_.data(), static_cast<int>(salt_.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest, &length);
  return std::string(reinterpret_cast<const char*>(digest), length);
}

Login::Answer Login::remembered(const std::string& key) {
  const std::lock_guard lock(known_mutex_);
  if (right_.contains(key)) return Answer::Yes;
  return wrong_.contains(key) ? Answer::No : Answer::Busy;
}

void Login::remember(const std::string& key, bool right) {
  const std::lock_guard lock(known_mutex_);
  std::unordered_set<std::string>& known = right ? right_ : wrong_;
  if (known.size() >= kRemembered) known.erase(known.begin());
  known.insert(key);
}

bool Login::has_to_think(std::string_view authorization) {
  if (users_.empty()) return false;
  const std::optional<Credentials> given = credentials_of(authorization);
  return given && remembered(key_of(given->name, given->password)) == Answer::Busy;
}

Login::Answer Login::check(std::string_view authorization) {
  if (users_.empty()) return Answer::Yes;
  const std::optional<Credentials> given = credentials_of(authorization);
  if (!given) return Answer::No;
  const std::string key = key_of(given->name, given->password);
  if (const Answer answer = remembered(key); answer != Answer::Busy) return answer;
  if (waiting_.fetch_add(1) >= kMostWaiting) {
    waiting_.fetch_sub(1);
    return Answer::Busy;
  }
  const auto user = users_.find(given->name);
  bool right = false;
  {
    const std::lock_guard lock(bcrypt_mutex_);
    if (const Answer answer = remembered(key); answer != Answer::Busy) {
      right = answer == Answer::Yes;  // another request with the same password was faster
    } else {
      right = bcrypt_matches(given->password, user == users_.end() ? decoy_ : user->second) && user != users_.end();
      remember(key, right);
    }
  }
  waiting_.fetch_sub(1);
  return right ? Answer::Yes : Answer::No;
}

}  // namespace weir
