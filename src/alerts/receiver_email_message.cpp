// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_email_message.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

#include "alerts/receiver_words.h"
#include "base/base64.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/utf8.h"

namespace weir {
namespace {

constexpr std::size_t kMostAlerts = 50;
constexpr std::size_t kMostPlainHeader = 60;   // bytes: with its name it stays within a line of 78
constexpr std::size_t kMostEncodedBytes = 42;  // 56 in base64: with "Subject: " within a line of 78
constexpr std::size_t kLineOfBase64 = 76;

std::string capitals(Alert::State state) {
  return state == Alert::State::Firing ? "FIRING" : "RESOLVED";
}

/// One line of a header, for a text of one visible line.
std::string encoded_header(std::string_view text) {
  const bool plain = is_ascii(text) && text.size() <= kMostPlainHeader && text.find("=?") == std::string_view::npos;
  if (plain) return std::string(text);
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size()) {
      const std::size_t next = end + code_point_at(text, end).bytes;
      if (next - begin > kMostEncodedBytes) break;
      end = next;
    }
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(text.substr(begin, end - begin)) + "?=";
    begin = end;
  }
  return out;
}

std::string part(std::string_view type, std::string_view content) {
  std::string out = "Content-Type: " + std::string(type) +
                    "; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline\r\n\r\n";
  const std::string encoded = base64(content);
  for (std::size_t at = 0; at < encoded.size(); at += kLineOfBase64) out += encoded.substr(at, kLineOfBase64) + "\r\n";
  return out;
}

std::string text_of(const Alert& alert, const std::string& own) {
  std::string out = "\n" + visible(alert.rule, kMostOfTitle) + "  " + capitals(alert.state) + "\n";
  if (!own.empty()) return out + own + "\n";
  constexpr std::size_t kColumn = 17;
  const auto add = [&](std::string_view title, const std::string& text) {
    std::string line = "  " + std::string(title) + ":";
    line.resize(std::max(line.size() + 1, kColumn + 2), ' ');
    out += line + text + "\n";
  };
  for (const Fact& fact : facts_of(alert)) add(fact.title, visible(fact.text, kMostOfFact));
  if (!alert.runbook.empty()) add("Runbook", visible(alert.runbook, kMostOfFact));
  return out;
}

std::string linked(std::string_view url) {
  const std::string shown = escape_markup(url, kMostOfFact);
  if (link_of(url).empty()) return shown;
  return "<a href=\"" + escape_markup(url) + "\">" + shown + "</a>";
}

std::string html_of(const Alert& alert, const std::string& own) {
  const bool fires = alert.state == Alert::State::Firing;
  std::string out = "<h2 style=\"font-size:16px;margin:20px 0 4px\">" + escape_markup(alert.rule, kMostOfTitle) +
                    " <span style=\"color:" + (fires ? "#b3261e" : "#1a6b3c") + "\">" + capitals(alert.state) +
                    "</span></h2>\n";
  if (!own.empty()) return out + "<p>" + own + "</p>\n";
  out += "<table style=\"border-collapse:collapse\">\n";
  const auto add = [&](std::string_view title, const std::string& markup) {
    out +=
        "<tr><th scope=\"row\" style=\"text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:600\">" +
        std::string(title) + "</th><td style=\"padding:2px 0\">" + markup + "</td></tr>\n";
  };
  for (const Fact& fact : facts_of(alert)) add(fact.title, escape_markup(fact.text, kMostOfFact));
  if (!alert.runbook.empty()) add("Runbook", linked(alert.runbook));
  return out + "</table>\n";
}

std::string host_of(std::string_view address) {
  return std::string(address.substr(address.rfind('@') + 1));
}

}  // namespace

std::string mail_date(Instant instant) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(instant - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

MailText mail_text(const Notification& notification, const MessageWords& words) {
  std::vector<const Alert*> alerts = gravest_first(notification);
  const Alert none;
  const Alert& first = alerts.empty() ? none : *alerts.front();
  alerts.resize(std::min(alerts.size(), kMostAlerts));
  MailText mail;
  mail.subject = words.title.empty() ? "[" + capitals(notification.state()) + "] " + headline(notification)
                                     : words.title.write(notification, first, Script::Text);
  mail.subject = visible(mail.subject, kMostOfTitle);
  mail.text = mail.subject + "\n";
  mail.html = "<!DOCTYPE html>\n<html lang=\"en\"><body style=\"font-family:sans-serif;font-size:14px\">\n<p><strong>" +
              escape_markup(mail.subject) + "</strong></p>\n";
  for (const Alert* const alert : alerts) {
    mail.text += text_of(*alert, words.text.write(notification, *alert, Script::Text));
    mail.html += html_of(*alert, words.text.write(notification, *alert, Script::Html));
  }
  std::vector<std::string> ends;
  if (notification.alerts.size() > alerts.size())
    ends.push_back("and " + std::to_string(notification.alerts.size() - alerts.size()) + " more alerts");
  if (const std::string others = others_of(notification); !others.empty()) ends.push_back(others);
  ends.push_back("Told by weir: pipeline " + visible(notification.pipeline, kMostOfTitle) + ", instance " +
                 visible(notification.instance, kMostOfTitle) + ".");
  for (const std::string& end : ends) {
    mail.text += "\n" + end + "\n";
    mail.html += "<p>" + escape_markup(end) + "</p>\n";
  }
  if (const std::string page = page_link_of(notification); !page.empty()) {
    mail.text += "\nStatus page: " + page + "\n";
    mail.html += "<p>Status page: " + linked(page) + "</p>\n";
  }
  mail.html += "</body></html>\n";
  return mail;
}

std::string mail_message(const MailText& text, const EmailSettings& email, std::string_view id, std::string_view thread,
                         Instant now) {
  const std::string boundary = "weir-" + std::string(id);
  std::string out = "From: weir <" + email.from + ">\r\nTo: ";
  for (std::size_t i = 0; i < email.to.size(); ++i) out += (i == 0 ? "" : ",\r\n ") + email.to[i];
  out += "\r\nSubject: " + encoded_header(text.subject);
  out += "\r\nDate: " + mail_date(now);
  out += "\r\nMessage-ID: <" + std::string(id) + "@" + host_of(email.from) + ">";
  out += "\r\nReferences: <" + std::string(thread) + "@" + host_of(email.from) + ">";
  // So that nobody's absence notice comes back, and two robots do not begin to write to each other.
  out += "\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All";
  out += "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
  // The last part is the one that programs prefer.
  out += "--" + boundary + "\r\n" + part("text/plain", text.text);
  out += "--" + boundary + "\r\n" + part("text/html", text.html);
  return out + "--" + boundary + "--\r\n";
}

}  // namespace weir
