//! How fast a function starts, and how big it is.
//!
//! Plays the Lambda Runtime API on loopback, starts the function's binary 20 times with the environment that
//! `infra/template.yaml` gives it, and measures from the start of the process to its first
//! `GET /2018-06-01/runtime/invocation/next`, where it waits for work: its resident memory is read at that moment. The
//! file is in the page cache after the first start; what AWS needs to fetch the archive and to boot a machine is not in.
//!
//! ```text
//! cargo build --release -p intake && cargo bench --bench cold_start
//! cargo build --profile lambda -p intake && VMESTE_BIN_DIR=target/lambda cargo bench --bench cold_start
//! cargo bench --bench cold_start -- path/to/another/function
//! ```
//!
//! Fails if the process dies or does not ask for work within 10 seconds. It reads `/proc`, so it runs on Linux.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use vmeste::resolve::Resolver;
use vmeste::template::{TEMPLATE, Template};

const RUNS: usize = 20;
const PATIENCE: Duration = Duration::from_secs(10);
const NEXT: &str = "GET /2018-06-01/runtime/invocation/next ";

/// One request to the Runtime API. The connection stays open, so that the function waits for an answer.
struct Call {
    at: Instant,
    line: String,
    _connection: TcpStream,
}

/// What one start took.
struct Start {
    milliseconds: f64,
    resident_kib: f64,
}

fn main() -> anyhow::Result<()> {
    let binary = binary()?;
    let bytes =
        std::fs::metadata(&binary).with_context(|| format!("no {}; build it first", binary.display()))?.len();
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let api = listener.local_addr()?.to_string();
    let calls = listen(listener);
    let work = tempfile::tempdir()?;
    let environment = environment(&binary, &api, work.path())?;

    let mut starts = Vec::new();
    for _ in 0..RUNS {
        starts.push(start(&binary, &environment, &calls)?);
    }
    let mut times: Vec<f64> = starts.iter().map(|start| start.milliseconds).collect();
    let mut resident: Vec<f64> = starts.iter().map(|start| start.resident_kib).collect();
    times.sort_by(f64::total_cmp);
    resident.sort_by(f64::total_cmp);

    let megabytes = f64::from(u32::try_from(bytes)?) / 1e6;
    let mut out = std::io::stdout();
    writeln!(out, "binary           {} ({RUNS} starts)", binary.display())?;
    writeln!(out, "size             {bytes} bytes, {megabytes:.1} MB")?;
    let (fastest, slowest) = (times[0], times[RUNS - 1]);
    writeln!(
        out,
        "start to `next`  median {:.1} ms, min {fastest:.1} ms, max {slowest:.1} ms",
        median(&times)
    )?;
    writeln!(out, "resident memory  median {:.1} MiB", median(&resident) / 1024.0)?;
    Ok(())
}

/// The first argument (cargo's own `--bench` aside), else `intake` in `VMESTE_BIN_DIR`, else where cargo has built it:
/// this program is `target/PROFILE/deps/cold_start-HASH`.
fn binary() -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        return Ok(PathBuf::from(path));
    }
    if let Some(folder) = std::env::var_os("VMESTE_BIN_DIR") {
        return Ok(Path::new(&folder).join("intake"));
    }
    let own = std::env::current_exe()?;
    let profile = own.parent().and_then(Path::parent).context("this program lies in no target folder")?;
    Ok(profile.join("intake"))
}

/// Accepts calls for ever. Their time is taken in its thread, as soon as the request line is there.
fn listen(listener: TcpListener) -> Receiver<Call> {
    let (send, calls) = channel();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let mut line = String::new();
            let read = BufReader::new(&connection).read_line(&mut line);
            let call = Call { at: Instant::now(), line, _connection: connection };
            if read.is_ok() && send.send(call).is_err() {
                return;
            }
        }
    });
    calls
}

/// What Lambda and the template give the function. Nothing listens at its tables and queues: it must not need them yet.
fn environment(binary: &Path, api: &str, work: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let name = binary.file_name().and_then(|name| name.to_str()).context("the binary has no name")?;
    let template = Template::parse(TEMPLATE)?;
    let mut resolver = Resolver::default();
    for id in template.ids() {
        resolver.set(id, id);
        resolver.set(format!("{id}.Arn"), format!("arn:aws:local:eu-central-1:000000000000:{id}"));
    }
    for id in template.queues.keys() {
        resolver.set(id, format!("http://127.0.0.1:9/000000000000/{id}"));
    }
    for parameter in &template.parameters {
        resolver.set(parameter, "http://127.0.0.1:9");
    }

    let id = template.functions.keys().find(|id| id.eq_ignore_ascii_case(name));
    let id = id.with_context(|| format!("infra/template.yaml has no function {name}"))?;
    let mut variables = template.function(id, &resolver)?.environment.variables;
    for value in variables.values_mut() {
        if value.starts_with("{{resolve:secretsmanager:") {
            *value = "0123456789abcdef".repeat(4);
        } else if let Some(rest) = value.strip_prefix("/tmp/") {
            *value = work.join(rest).display().to_string();
        }
    }
    let lambda = [
        ("AWS_LAMBDA_RUNTIME_API", api),
        ("AWS_LAMBDA_FUNCTION_NAME", name),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &template.functions[id]["MemorySize"].to_string()),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "not-a-secret"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9"),
        ("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9"),
        ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9"),
    ];
    variables.extend(lambda.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Ok(variables)
}

/// Starts the function, waits until it asks for work, and kills it.
fn start(
    binary: &Path,
    environment: &BTreeMap<String, String>,
    calls: &Receiver<Call>,
) -> anyhow::Result<Start> {
    let mut command = Command::new(binary);
    command.env_clear().envs(environment).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut function = command.spawn().with_context(|| format!("{} cannot be started", binary.display()))?;
    let measured = wait(&mut function, started, calls);
    function.kill()?;
    function.wait()?;
    let Err(error) = measured else { return measured };
    let mut log = String::new();
    if let Some(mut stderr) = function.stderr.take() {
        stderr.read_to_string(&mut log)?;
    }
    bail!("{error}; its log: «{}»", log.trim())
}

fn wait(function: &mut Child, started: Instant, calls: &Receiver<Call>) -> anyhow::Result<Start> {
    while started.elapsed() < PATIENCE {
        match calls.recv_timeout(Duration::from_millis(100)) {
            Ok(call) if call.line.starts_with(NEXT) => {
                let milliseconds = call.at.duration_since(started).as_secs_f64() * 1e3;
                return Ok(Start { milliseconds, resident_kib: resident_kib(function.id())? });
            }
            Ok(call) => bail!("the function calls {} instead of asking for work", call.line.trim_end()),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => bail!("the Runtime API has stopped"),
        }
        if let Some(status) = function.try_wait()? {
            bail!("the function has ended ({status}) before it asked for work");
        }
    }
    bail!("the function has not asked for work within {} s", PATIENCE.as_secs())
}

fn resident_kib(process: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Of sorted values.
fn median(sorted: &[f64]) -> f64 {
    f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2])
}
