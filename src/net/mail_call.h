// SPDX-License-Identifier: Apache-2.0
// One mail handed to one SMTP server, which waits until the server has taken it or said no.
//
// A password goes over TLS only, and so does the mail unless the call says otherwise: a server that does not offer STARTTLS is
// an error then, not a reason to go on in the clear. Certificates and host names are verified, by TLS 1.2 or later. No message
// has a secret in it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "net/reach.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

enum class MailTls : std::uint8_t {
  StartTls,  // a plain connection that turns to TLS before anything is said: port 587
  Whole,     // TLS from the first byte: port 465
  None,      // a relay on this machine
};

struct MailCall {
  std::string host = {};
  std::uint16_t port = 587;
  MailTls tls = MailTls::StartTls;
  std::string user = {};  // empty: no login
  std::string password = {};
  std::string ca_file = {};  // empty: whom the system trusts
  std::string hello = {};    // what we call ourselves; empty: this machine's name
  std::string from = {};     // addresses as check_mail_address() has them
  std::string to = {};
  std::string message = {};  // headers and body, lines that end with \r\n
  Duration connect_timeout = std::chrono::seconds(5);
  Duration timeout = std::chrono::seconds(30);
  Reach reach = Reach::Anywhere;
};

struct MailFailure {
  bool may_pass = false;    // worth trying again
  bool of_address = false;  // the server spoke of this sender or recipient: for another one it may be different
  int code = 0;             // what the server answered last; 0: nothing
  Error error;              // names host and port
};

struct MailTaken {};
using MailOutcome = std::variant<MailTaken, MailFailure>;

/// Calls one after the other, and keeps the connection for the next one. Used by one thread at a time.
class MailCaller {
 public:
  MailCaller();
  ~MailCaller();
  MailCaller(MailCaller&&) = delete;

  [[nodiscard]] MailOutcome call(const MailCall& call);
  /// Ends the call that is under way and every later one at once. Any thread.
  void interrupt();

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

/// `name@host`, in the letters that every server takes: what could end the address, or add to it, is none.
[[nodiscard]] Status check_mail_address(std::string_view address);

}  // namespace weir
