//! What a login does, with the AWS SDK for Rust.
//! Reads a request a line from stdin and writes an answer a line to stdout, both JSON;
//! tests/sdks/programs.py describes them.  S3 is left out: its crate takes a minute to build.
use std::error::Error;
use std::io::stdin;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde::Deserialize;
use serde_json::{json, Value};

#[derive(Deserialize)]
struct Request {
    operation: String,
    credentials: Option<[String; 3]>,
    profile: Option<String>,
    serial: Option<String>,
    code: Option<String>,
    duration: Option<i32>,
    times: u32,
}

/// The answer for an error of any operation.
struct Failure(Value);

impl<E: ProvideErrorMetadata + Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure(match error.code() {
            Some(code) => json!({"code": code, "message": error.message()}),
            None => json!({"error": variant(&error), "message": causes(&error)}),
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for line in stdin().lines() {
        let asked: Request = serde_json::from_str(&line.unwrap()).unwrap();
        println!("{}", carry_out(&asked).await.unwrap_or_else(|Failure(answer)| answer));
    }
}

/// Calls the operation as often as asked with one client; the last answer counts.
async fn carry_out(asked: &Request) -> Result<Value, Failure> {
    let config = configuration(asked).await;
    let sts = aws_sdk_sts::Client::new(&config);
    let iam = aws_sdk_iam::Client::new(&config);
    let mut said = Value::Null;
    for _ in 0..asked.times {
        said = match asked.operation.as_str() {
            "GetCallerIdentity" => json!({"arn": sts.get_caller_identity().send().await?.arn()}),
            "GetSessionToken" => {
                let output = sts
                    .get_session_token()
                    .set_serial_number(asked.serial.clone())
                    .set_token_code(asked.code.clone())
                    .set_duration_seconds(asked.duration)
                    .send()
                    .await?;
                let made = output.credentials().expect("credentials");
                json!({"credentials": [made.access_key_id(), made.secret_access_key(), made.session_token()]})
            }
            "GetUser" => {
                let output = iam.get_user().send().await?;
                json!({"arn": output.user().map(|user| user.arn())})
            }
            other => panic!("no such operation: {other}"),
        };
    }
    Ok(said)
}

async fn configuration(asked: &Request) -> SdkConfig {
    // Plain HTTP is all that the simulator needs; TLS would double the time to build.
    let http = aws_smithy_http_client::Builder::new().build_http();
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
    if let Some(profile) = &asked.profile {
        loader = loader.profile_name(profile);
    }
    if let Some([id, secret, token]) = &asked.credentials {
        let token = Some(token.clone()).filter(|token| !token.is_empty());
        loader = loader.credentials_provider(Credentials::new(id, secret, token, None, "given"));
    }
    loader.load().await
}

/// The name of the error's variant, such as DispatchFailure.
fn variant(error: &dyn Error) -> String {
    let shown = format!("{error:?}");
    shown.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().into()
}

fn causes(error: &dyn Error) -> String {
    let mut all = vec![error.to_string()];
    let mut at = error.source();
    while let Some(inner) = at {
        all.push(inner.to_string());
        at = inner.source();
    }
    all.join(": ")
}
