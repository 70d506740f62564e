//! Stored files, by the fingerprint of their bytes: what was sent is kept as it was sent.

use crate::Error;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Where files wait that are not whole yet, or not wanted for certain.
const ARRIVING: &str = "arriving";

/// A folder of files named by BLAKE3. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    root: Arc<PathBuf>,
}

impl Files {
    /// A store under `root`, which is made when first written to.
    pub fn in_folder(root: PathBuf) -> Files {
        Files { root: Arc::new(root) }
    }

    /// Stores bytes and returns their fingerprint. Safe to repeat; on disk before it returns.
    ///
    /// # Errors
    /// [`Error::File`] when the folder cannot be written.
    pub fn put(&self, bytes: &[u8]) -> Result<String, Error> {
        let fingerprint = blake3::hash(bytes).to_hex().to_string();
        let path = self.path(&fingerprint);
        if path.exists() {
            return Ok(fingerprint);
        }
        let fail = |step| {
            let name = fingerprint.clone();
            move |cause| Error::File { step, name, cause }
        };
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(fail("make the folder of"))?;
        // Written beside and renamed, so that a crash leaves no half file under a good name.
        let half = path.with_extension(format!("half-{}", std::process::id()));
        let mut file = fs::File::create(&half).map_err(fail("create"))?;
        file.write_all(bytes).map_err(fail("write"))?;
        file.sync_all().map_err(fail("sync"))?;
        fs::rename(&half, &path).map_err(fail("name"))?;
        Ok(fingerprint)
    }

    /// The bytes with this fingerprint, checked against it.
    ///
    /// # Errors
    /// [`Error::File`] when there are none, [`Error::Broken`] when they are not what was stored.
    pub fn get(&self, fingerprint: &str) -> Result<Vec<u8>, Error> {
        let bytes = fs::read(self.path(fingerprint)).map_err(|cause| Error::File {
            step: "read",
            name: fingerprint.to_owned(),
            cause,
        })?;
        if blake3::hash(&bytes).to_hex().as_str() != fingerprint {
            return Err(Error::Broken {
                step: "read a stored file",
                cause: format!("`{fingerprint}` holds other bytes than were stored"),
            });
        }
        Ok(bytes)
    }

    /// A new empty file in the store's own folder, to be filled and then given to [`Files::adopt`].
    ///
    /// # Errors
    /// [`Error::File`] when the folder cannot be written.
    pub fn start(&self, name: &str) -> Result<fs::File, Error> {
        let fail = |step| move |cause| Error::File { step, name: name.to_owned(), cause };
        fs::create_dir_all(self.root.join(ARRIVING)).map_err(fail("make the folder of"))?;
        fs::File::create(self.arriving(name)).map_err(fail("create"))
    }

    /// Takes the file of [`Files::start`] into the store under the fingerprint of its bytes. Safe to
    /// repeat.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be moved.
    pub fn adopt(&self, name: &str, fingerprint: &str) -> Result<(), Error> {
        let fail = |step| move |cause| Error::File { step, name: fingerprint.to_owned(), cause };
        let (path, target) = (self.arriving(name), self.path(fingerprint));
        if target.exists() {
            return self.drop_arriving(name);
        }
        fs::create_dir_all(target.parent().unwrap_or(&self.root)).map_err(fail("make the folder of"))?;
        fs::rename(path, &target).map_err(fail("name"))
    }

    /// Deletes the file of [`Files::start`] that is not wanted after all. Safe to repeat.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be deleted.
    pub fn drop_arriving(&self, name: &str) -> Result<(), Error> {
        match fs::remove_file(self.arriving(name)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::File { step: "remove", name: name.to_owned(), cause })
            }
            _ => Ok(()),
        }
    }

    fn arriving(&self, name: &str) -> PathBuf {
        self.root.join(ARRIVING).join(name)
    }

    /// Opens a stored file for reading a part at a time. Unlike [`Files::get`] it does not compare
    /// the bytes with the fingerprint: that would mean reading a large file twice.
    ///
    /// # Errors
    /// [`Error::File`] when there is none.
    pub fn open(&self, fingerprint: &str) -> Result<fs::File, Error> {
        fs::File::open(self.path(fingerprint)).map_err(|cause| Error::File {
            step: "open",
            name: fingerprint.to_owned(),
            cause,
        })
    }

    fn path(&self, fingerprint: &str) -> PathBuf {
        // Two letters a folder keep folders small; only fingerprints made here reach this.
        let fan = fingerprint.get(..2).unwrap_or("00");
        self.root.join(fan).join(fingerprint)
    }
}
